"""Benchmarks: the figures of docs/performance.md, measured on this machine; never run as tests."""
