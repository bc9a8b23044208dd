package dev.weir.core.observe.log;

import java.io.IOException;
import java.io.OutputStream;

/** Writes to a stream that somebody else closes, such as standard output. */
final class StreamTarget implements LogTarget {
  private final OutputStream stream;

  StreamTarget(OutputStream stream) {
    this.stream = stream;
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    stream.write(bytes, from, length);
  }

  @Override
  public void flush() throws IOException {
    stream.flush();
  }

  @Override
  public void close() throws IOException {
    stream.flush();
  }
}
