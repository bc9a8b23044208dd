package dev.weir.admin;

import dev.weir.admin.auth.AdminToken;
import dev.weir.admin.metrics.TrafficMetrics;
import dev.weir.core.config.AdminConfig;
import dev.weir.core.control.Ticker;
import dev.weir.core.runtime.ChangeResult;
import dev.weir.core.runtime.Runtime;
import java.util.concurrent.CompletionStage;

/**
 * What the admin API works with; made, owned and closed by the composition root.
 *
 * @param traffic the observer that the runtime was given
 * @param reload reads the configuration file again
 * @param version of the product
 * @param ticker for the uptime
 */
public record AdminSetup(
    AdminConfig config,
    Runtime runtime,
    AdminToken token,
    TrafficMetrics traffic,
    Reload reload,
    String version,
    Ticker ticker) {

  /** Reads the configuration file again and applies it. */
  @FunctionalInterface
  public interface Reload {
    /**
     * Starts to read and apply; returns at once. Problems of the file are an {@link
     * ChangeResult.Invalid}.
     *
     * @param author who asks
     */
    CompletionStage<ChangeResult> reload(String author);
  }
}
