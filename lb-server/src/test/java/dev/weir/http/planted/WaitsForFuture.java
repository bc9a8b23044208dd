package dev.weir.http.planted;

import java.util.concurrent.CompletableFuture;

/** Breaks a rule on purpose. */
public final class WaitsForFuture {
  String wait(CompletableFuture<String> future) {
    return future.join();
  }
}
