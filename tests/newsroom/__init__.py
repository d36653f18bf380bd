"""The recorded newsroom: one invented week of Vietnamese news, its sources, recording and labels."""
