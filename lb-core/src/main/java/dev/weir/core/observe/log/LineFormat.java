package dev.weir.core.observe.log;

import dev.weir.core.observe.EndSummary;

/** How a line looks. Called on every event loop, each with a line of its own; keeps no state. */
@FunctionalInterface
interface LineFormat {
  /**
   * Writes one line, without its end.
   *
   * @param time the second it ended in, already as text
   */
  void write(EndSummary end, LogTime time, LogLine line);
}
