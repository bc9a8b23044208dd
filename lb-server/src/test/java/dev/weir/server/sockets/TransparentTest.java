package dev.weir.server.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.server.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A balancer between a client and a backend that think they talk to each other. */
@Timeout(180)
class TransparentTest {
  private static final String CONFIG =
      """
      admin: { bind: "127.0.0.1:9900", state: STATE }
      metrics: { bind: "127.0.0.1:9901" }
      process: { transport: epoll, loops: 1 }
      listeners:
        own: { bind: "198.51.100.1:8000", protocol: tcp, pool: app }
        any: { bind: "0.0.0.0:8001", protocol: tcp, pool: told, socket: { transparent: true } }
      pools:
        app: { source: client, health: {}, backends: { a: { address: "203.0.113.2:9000" } } }
        told: { proxyProtocol: v1, backends: { a: { address: "203.0.113.2:9000" } } }
      """;

  @TempDir Path folder;

  private Network client;
  private Network balancer;
  private Network backend;
  private Path file;

  @BeforeEach
  void connect() throws Exception {
    Transports.needEpoll();
    Network.needed();
    file = folder.resolve("lb.yaml");
    Files.writeString(file, CONFIG.replace("STATE", folder.resolve("state").toString()));
    client = Network.machine();
    balancer = Network.machine();
    backend = Network.machine();
    balancer.connect("toc", "198.51.100.1", client, "198.51.100.7");
    balancer.connect("tob", "203.0.113.1", backend, "203.0.113.2");
    // What comes in is ours, whoever it is for: what TPROXY does, without a firewall.
    balancer.run("ip", "rule", "add", "iif", "toc", "lookup", "100");
    balancer.run("ip", "rule", "add", "iif", "tob", "lookup", "100");
    balancer.run("ip", "route", "add", "local", "0.0.0.0/0", "dev", "lo", "table", "100");
  }

  @AfterEach
  void close() throws Exception {
    for (Network machine : new Network[] {client, balancer, backend}) {
      if (machine != null) {
        machine.close();
      }
    }
  }

  @Test
  void backendsSeeTheClientsAddressAndClientsThatOfTheBackend() throws Exception {
    backend.start("ready", PeerMain.class.getName(), "serve", "9000");
    balancer.start("admin API on", Main.class.getName(), "run", "-c", file.toString());

    assertThat(client.java(List.of(), PeerMain.class.getName(), "talk", "198.51.100.1", "8000"))
        .isEqualTo("9000 198.51.100.7\nx");
    assertThat(client.java(List.of(), PeerMain.class.getName(), "talk", "192.0.2.80", "8001"))
        .startsWith("9000 203.0.113.1\nPROXY TCP4 198.51.100.7 192.0.2.80 ")
        .endsWith(" 8001\r\nx");
  }

  @Test
  void withoutTheCapabilityTheStartSaysSo() throws Exception {
    List<String> less = List.of("setpriv", "--bounding-set", "-net_admin,-net_raw");
    assertThat(balancer.java(less, Main.class.getName(), "run", "-c", file.toString()))
        .contains("/listeners/any/socket/transparent: needs the capability CAP_NET_ADMIN")
        .contains("/pools/app/source: needs the capability CAP_NET_ADMIN");
  }
}
