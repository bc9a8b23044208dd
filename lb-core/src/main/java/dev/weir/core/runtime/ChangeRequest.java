package dev.weir.core.runtime;

import java.util.OptionalLong;

/**
 * A wish to change the running configuration.
 *
 * @param author who
 * @param reason why; may be empty
 * @param expectedGeneration refuse unless this generation is running; empty: whatever runs
 * @param dryRun only say what would happen
 */
public record ChangeRequest(
    String author, String reason, OptionalLong expectedGeneration, boolean dryRun, Edit edit) {}
