// GIFInspection
