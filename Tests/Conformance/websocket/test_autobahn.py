"""The Autobahn TestSuite's cases against Roost's echo: `pytest test_autobahn.py -k '6.4'`.

Autobahn itself is Python 2 and needs Twisted; this is its fuzzing client's behaviour anew, after the RFCs, and stricter.
"""

import pytest

import cases_closing
import cases_compression
import cases_framing
import cases_limits
import cases_utf8

CASES = [
    case for group in (cases_framing, cases_utf8, cases_closing, cases_limits, cases_compression) for case in group.CASES
]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.number) for case in CASES])
def test_case(case, echo_url):
    case.run(echo_url)
