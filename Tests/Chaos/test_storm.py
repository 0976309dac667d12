"""The server in a storm (see storm.py), for as many seconds as CHAOS_SECONDS says, by the seed CHAOS_SEED or by a new one.

`scripts/chaos` runs storms for longer.
"""

import os

from storm import storm


def test_nothing_is_lost_or_doubled_and_every_join_has_its_exit():
    seed = os.environ.get("CHAOS_SEED")
    judgement, report = storm(float(os.environ.get("CHAOS_SECONDS", 45)), seed and int(seed))
    print(report)
    assert not judgement.violations, report
    # It was a storm, and people talked in it.
    assert judgement.counts["acknowledged"] > 50 and judgement.counts["exit crash"] > 0 and judgement.counts["resumed"] > 20, report
