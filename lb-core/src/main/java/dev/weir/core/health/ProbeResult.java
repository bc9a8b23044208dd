package dev.weir.core.health;

/**
 * The answer to one probe.
 *
 * @param success whether the backend is as expected
 * @param reason what was seen: {@code 200}, {@code connection refused}, {@code no answer within 500
 *     ms}; at most 256 characters of printable ASCII
 * @param nanos how long it took
 */
public record ProbeResult(boolean success, String reason, long nanos) {}
