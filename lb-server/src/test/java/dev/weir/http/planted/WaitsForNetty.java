package dev.weir.http.planted;

import io.netty.channel.ChannelFuture;

/** Breaks a rule on purpose. */
public final class WaitsForNetty {
  void wait(ChannelFuture future) {
    future.syncUninterruptibly();
  }
}
