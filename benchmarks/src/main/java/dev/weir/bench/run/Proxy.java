package dev.weir.bench.run;

import dev.weir.bench.proc.Child;
import java.nio.file.Path;

/**
 * A proxy that runs.
 *
 * @param name in reports
 * @param child its process; null for "direct", which is the backend without a proxy
 * @param port what it accepts on
 * @param admin Weir: the port of the admin API; 0 for others
 * @param metrics Weir: the port of the metrics; 0 for others
 * @param jvm whether it needs warming up
 * @param folder its configuration, state and output
 */
public record Proxy(
    String name, Child child, int port, int admin, int metrics, boolean jvm, Path folder) {
  /** The backend without a proxy. */
  static Proxy direct(int port) {
    return new Proxy("direct", null, port, 0, 0, false, null);
  }
}
