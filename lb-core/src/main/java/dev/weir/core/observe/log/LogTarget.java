package dev.weir.core.observe.log;

import java.io.Closeable;
import java.io.IOException;

/** Where lines go. Used by the log writer's thread only. */
interface LogTarget extends Closeable {
  /** Takes whole lines, each with its line end; may be called with no bytes. */
  void write(byte[] bytes, int from, int length) throws IOException;

  /** Pushes out what was gathered. */
  void flush() throws IOException;

  /** Opens a file anew, after it was moved away; nothing for other targets. */
  default void reopen() throws IOException {}
}
