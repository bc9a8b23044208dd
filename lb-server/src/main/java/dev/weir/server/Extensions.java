package dev.weir.server;

import dev.weir.core.net.Loops;
import dev.weir.core.plugin.Plugins;
import dev.weir.core.plugin.Registry;
import dev.weir.core.plugin.TcpProbeFactory;
import dev.weir.core.runtime.Protocol;
import dev.weir.http.HttpProbeFactory;
import dev.weir.http.HttpProtocol;
import dev.weir.tcp.TcpProtocol;
import dev.weir.udp.UdpProtocol;
import java.util.List;
import java.util.random.RandomGenerator;

/** The protocols and probes of this product; balancers are listed in core.plugin. */
final class Extensions {
  private Extensions() {}

  /** Balancers and probes, and what is found on the class path. */
  static Plugins plugins(Loops loops, RandomGenerator random) {
    return Plugins.load(random, List.of(new TcpProbeFactory(loops), new HttpProbeFactory(loops)));
  }

  /** What a listener can speak. */
  static Registry<Protocol> protocols(HttpProtocol http) {
    return new Registry<>(
        "protocol", Protocol::name, List.of(http, new TcpProtocol(), new UdpProtocol()));
  }
}
