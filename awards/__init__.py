"""What comes out: prizes, publicity notice, reports, certificates, payouts, works library."""
