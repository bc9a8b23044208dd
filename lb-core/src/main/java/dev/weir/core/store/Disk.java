package dev.weir.core.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The few things a store asks of a file system; tests put a failing one in its place. */
interface Disk {
  /** Makes the folder and what is missing above it, for the owner only; durable on return. */
  void createFolder(Path folder) throws IOException;

  /** The content of a file; empty when there is no such file. */
  Optional<byte[]> read(Path file) throws IOException;

  /** Opens a file for writing, and makes it, for the owner only, when it is missing. */
  Log open(Path file) throws IOException;

  /** Gives a file another name in the same folder, atomically, replacing what had it. */
  void rename(Path from, Path to) throws IOException;

  /** Removes a file if it is there. */
  void delete(Path file) throws IOException;

  /** Makes the names in a folder durable. */
  void syncFolder(Path folder) throws IOException;

  /**
   * Takes a lock that ends with this process at the latest.
   *
   * @throws IOException when somebody holds it, with a sentence that says who
   */
  Closeable lock(Path file) throws IOException;

  /** An open file. */
  interface Log extends Closeable {
    /** Writes all bytes at an offset. */
    void write(long offset, byte[] bytes) throws IOException;

    /** Cuts the file. */
    void truncate(long size) throws IOException;

    /** Makes content and size durable. */
    void sync() throws IOException;
  }
}
