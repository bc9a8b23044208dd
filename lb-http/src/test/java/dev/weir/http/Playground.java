package dev.weir.http;

import dev.weir.core.config.HostPort;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.control.Ticker;
import dev.weir.core.control.WallClock;
import dev.weir.core.net.Listener;
import dev.weir.core.net.Loops;
import dev.weir.core.net.Transport;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.pool.Pool;
import dev.weir.core.pool.TestPools;
import dev.weir.core.runtime.Protocol;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

public final class Playground {
  public static void main(String[] args) throws Exception {
    Loops loops =
        new Loops(
            Transport.of(System.getProperty("t", "auto")),
            1,
            Ticker.system(),
            new SplittableRandom(1));
    HttpProtocol http = new HttpProtocol(loops, WallClock.system());
    InetSocketAddress[] to = new InetSocketAddress[args.length - 1];
    for (int i = 1; i < args.length; i++) {
      to[i - 1] = new InetSocketAddress("127.0.0.1", Integer.parseInt(args[i]));
    }
    Pool pool = TestPools.of(new PoolConfig(null, null, null, null, null), to);
    ListenerConfig config =
        new ListenerConfig(
            new HostPort("127.0.0.1", Integer.parseInt(args[0])),
            "http",
            List.of(),
            "web",
            null,
            null,
            null);
    Listener.open(
        "web",
        config.bind(),
        loops,
        http.handler(
            new Protocol.Scope("web", config, Map.of("web", pool), loops, LbObserver.NONE)));
    System.out.println("ready");
    Thread.sleep(1_000_000);
  }
}
