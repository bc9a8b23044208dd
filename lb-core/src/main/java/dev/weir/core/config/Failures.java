package dev.weir.core.config;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says why a file could not be read, in words. */
public final class Failures {
  private Failures() {}

  /** A few words, such as {@code permission denied}; harmless on a terminal. */
  public static String reason(Exception e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NotDirectoryException) {
      return "a part of its path is not a folder";
    }
    if (e instanceof FileSystemLoopException) {
      return "its symbolic links go in a circle";
    }
    if (e instanceof FileSystemException failure && failure.getReason() != null) {
      return Quote.bare(failure.getReason());
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : Quote.bare(e.getMessage());
  }
}
