package dev.weir.core.net;

/**
 * How much a connection asks for with one read: four times as much when it got all it asked for,
 * half when it got little twice in a row. Used on the connection's event loop.
 */
final class ReadSize {
  private static final int MIN = 2 * 1024;
  private static final int MAX = 64 * 1024;

  private int next = MIN;
  private boolean littleBefore;

  int next() {
    return next;
  }

  void took(int got, int asked) {
    boolean little = got < asked / 4 && asked > MIN;
    if (got == asked) {
      next = Math.min(MAX, asked * 4);
    } else if (little && littleBefore) {
      next = Math.max(MIN, asked / 2);
    }
    littleBefore = little && !littleBefore;
  }
}
