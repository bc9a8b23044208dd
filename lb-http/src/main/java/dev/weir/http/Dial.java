package dev.weir.http;

import dev.weir.core.backend.Backend;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.net.UpstreamConnect;
import dev.weir.core.net.UpstreamPath;
import io.netty.channel.ChannelFuture;

/** Makes connections to backends; the exchange hears of it by connected or connectFailed. */
final class Dial {
  private Dial() {}

  /**
   * Begins to connect, on the exchange's event loop.
   *
   * @param client whose the connection is told to be; null: nobody's
   */
  static Upstream start(
      Backend backend, ProxiedClient client, Exchange exchange, PoolConfig config) {
    HttpLoop loop = exchange.loop;
    Upstream upstream = new Upstream(loop, backend, client, exchange);
    ChannelFuture future =
        UpstreamConnect.start(
            loop.context,
            loop.transport,
            UpstreamPath.of(
                config, backend.socketAddress(), client == null ? null : client.source()),
            config.timeouts().connect(),
            config.timeouts().stall(),
            upstream);
    upstream.channel = future.channel();
    if (future.isDone()) {
      loop.context.loop().execute(() -> done(upstream, future));
    } else {
      future.addListener(same -> done(upstream, future));
    }
    return upstream;
  }

  private static void done(Upstream upstream, ChannelFuture future) {
    if (!future.isSuccess()) {
      upstream.failed(UpstreamConnect.outcomeOf(future.cause()));
    } else if (upstream.givenUp()) {
      future.channel().close();
    } else {
      upstream.stands(future.channel());
    }
  }
}
