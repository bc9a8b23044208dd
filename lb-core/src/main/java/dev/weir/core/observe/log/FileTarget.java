package dev.weir.core.observe.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Appends to a file, which is made when it is not there. */
final class FileTarget implements LogTarget {
  private final Path path;
  private FileChannel file;

  FileTarget(Path path) throws IOException {
    this.path = path;
    file = open();
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes, from, length);
    while (rest.hasRemaining()) {
      file.write(rest);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void reopen() throws IOException {
    FileChannel old = file;
    file = open();
    old.close();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
