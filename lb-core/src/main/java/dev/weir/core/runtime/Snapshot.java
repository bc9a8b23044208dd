package dev.weir.core.runtime;

import dev.weir.core.config.Document;
import dev.weir.core.config.LbConfig;
import dev.weir.core.net.OpenListener;
import dev.weir.core.pool.Pool;
import java.util.Map;

/**
 * The running configuration; immutable.
 *
 * @param generation the number of the accepted configuration
 * @param base the document that the file gave
 * @param document base with the changes made through the API
 * @param config {@code document}, typed
 */
public record Snapshot(
    long generation,
    Document base,
    Document document,
    LbConfig config,
    Map<String, Pool> pools,
    Map<String, OpenListener> listeners) {}
