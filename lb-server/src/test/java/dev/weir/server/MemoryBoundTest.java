package dev.weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.config.LbConfig;
import dev.weir.core.config.MemoryTerm;
import dev.weir.server.cli.LbCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What memory a configuration may need at worst, and how {@code lb check --memory} tells it. */
class MemoryBoundTest {
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;

  @TempDir private Path folder;

  private Path file(String listeners) throws Exception {
    Path file = folder.resolve("lb.yaml");
    Files.writeString(
        file,
        """
        process: { loops: 2, maxConnections: 1000 }
        accessLog: { to: stdout }
        listeners:
        %s
        pools:
          p: { backends: { a: { address: '127.0.0.1:1' }, b: { address: '127.0.0.1:2' } } }
        """
            .formatted(listeners));
    return file;
  }

  private long bytes(String listeners, String what) throws Exception {
    LbConfig config = Checking.check(file(listeners));
    List<MemoryTerm> terms = MemoryBound.of(config);
    return terms.stream()
        .filter(term -> term.what().equals(what))
        .mapToLong(MemoryTerm::bytes)
        .sum();
  }

  @Test
  void everyTermFollowsTheConfiguration() throws Exception {
    String web = "  web: { bind: '127.0.0.1:0', pool: p }";
    assertThat(bytes(web, "web: read from the client, not taken")).isEqualTo(1000 * 192 * KIB);
    assertThat(bytes(web, "web: to the client, not sent")).isEqualTo(1000 * (676 * 2 + 128) * KIB);
    assertThat(bytes(web, "web: request head")).isEqualTo(1000 * (64 * KIB + 4000));
    assertThat(bytes(web, "request bodies kept for another attempt")).isEqualTo(32 * MIB);
    assertThat(bytes(web, "access log")).isEqualTo(2 * MIB);
    assertThat(bytes(web, "idle connections to backends")).isEqualTo(2 * 2 * 64 * 8 * KIB);
    assertThat(bytes(web, "places in queues for backends")).isEqualTo(1000 * 16);
    assertThat(bytes(web, "web: counts of clients")).isZero();
  }

  @Test
  void smallerLimitsNeedLess() throws Exception {
    String small =
        "  web: { bind: '127.0.0.1:0', pool: p, limits: { bufferBytes: 16384, headerBytes: 4096,"
            + " headerCount: 10, connections: 10, connectionsPerClient: 5 } }";
    assertThat(bytes(small, "web: read from the client, not taken")).isEqualTo(10 * 144 * KIB);
    assertThat(bytes(small, "web: to the client, not sent")).isEqualTo(10 * (169 * 2 + 128) * KIB);
    assertThat(bytes(small, "web: request head")).isEqualTo(10 * (8 * KIB + 400));
    assertThat(bytes(small, "request bodies kept for another attempt")).isEqualTo(10 * 64 * KIB);
    assertThat(bytes(small, "web: counts of clients")).isEqualTo(2048 * 8);
  }

  @Test
  void theConnectionsThatCostMostAreCountedFirst() throws Exception {
    String both =
        "  raw: { bind: '127.0.0.1:0', protocol: tcp, pool: p }\n"
            + "  web: { bind: '127.0.0.1:0', pool: p, limits: { connections: 300 } }";
    assertThat(bytes(both, "web: objects")).isEqualTo(300 * 16 * KIB);
    assertThat(bytes(both, "raw: objects")).isEqualTo(700 * 8 * KIB);
  }

  @Test
  void udpSessionsCountAmongTheConnections() throws Exception {
    String udp =
        "  dns: { bind: '127.0.0.1:0', protocol: udp, pool: p, udp: { sessions: 100 } }\n"
            + "  log: { bind: '127.0.0.1:0', protocol: udp, pool: p }";
    assertThat(bytes(udp, "dns: objects")).isEqualTo(100 * 2 * KIB);
    assertThat(bytes(udp, "log: objects")).isEqualTo(900 * 2 * KIB);
    assertThat(bytes(udp, "log: datagrams kept for another backend")).isEqualTo(2 * 4 * MIB);
    assertThat(bytes(udp, "datagrams being passed on")).isEqualTo(2 * 128 * KIB);
  }

  @Test
  void theCommandShowsEachTermWithItsFormulaAndTheSum() throws Exception {
    Path file = file("  web: { bind: '127.0.0.1:0', pool: p }");
    String shown = run("check", "--memory", "-c", file.toString());
    List<MemoryTerm> terms = MemoryBound.of(Checking.check(file));
    for (MemoryTerm term : terms) {
      assertThat(shown).contains(term.what() + " = " + term.formula());
    }
    long sum = terms.stream().mapToLong(MemoryTerm::bytes).sum();
    assertThat(shown.lines().reduce("", (one, last) -> last))
        .isEqualToIgnoringWhitespace(MemoryTerm.text(sum) + " in all");
    assertThat(run("check", "-c", file.toString())).doesNotContain("memory");
  }

  private static String run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    assertThat(LbCommand.run(arguments, new PrintWriter(out, true), new PrintWriter(err, true)))
        .as(err.toString())
        .isZero();
    return out.toString();
  }
}
