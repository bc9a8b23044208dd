package dev.weir.http.planted;

import java.util.concurrent.BlockingQueue;

/** Breaks a rule on purpose. */
public final class WaitsForQueue {
  String wait(BlockingQueue<String> queue) throws InterruptedException {
    return queue.take();
  }
}
