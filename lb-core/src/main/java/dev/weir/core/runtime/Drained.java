package dev.weir.core.runtime;

/**
 * How the graceful end went.
 *
 * @param cut client connections that were still open at the deadline and were closed by force
 */
public record Drained(int cut) {}
