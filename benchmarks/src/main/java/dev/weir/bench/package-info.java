/**
 * The benchmark harness, the audit client and the drills. Nothing of this is shipped, and nothing
 * points here. {@code benchmarks/run} starts {@link dev.weir.bench.Main}; {@code
 * docs/performance.md} says how to run it and how to read what it prints.
 */
package dev.weir.bench;
