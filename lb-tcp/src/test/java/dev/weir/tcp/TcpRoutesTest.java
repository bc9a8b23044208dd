package dev.weir.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.MatchConfig;
import dev.weir.core.config.Problem;
import dev.weir.core.config.RouteConfig;
import dev.weir.core.net.ClientHello;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Which route takes a connection, and which can never take one. */
class TcpRoutesTest {
  private static final String REST = "rest";

  private record Came(ClientHello hello, InetSocketAddress source) implements Arrival {}

  private static Came came(String name, String... protocols) {
    return new Came(
        new ClientHello(name, List.of(protocols)), new InetSocketAddress("192.0.2.1", 5000));
  }

  private static MatchConfig sni(String... names) {
    return MatchConfig.ofConnection(List.of(names), null, null);
  }

  private static MatchConfig alpn(String... names) {
    return MatchConfig.ofConnection(null, List.of(names), null);
  }

  private static MatchConfig sources(String... networks) {
    return MatchConfig.ofConnection(null, null, List.of(networks));
  }

  private static MatchConfig nested(List<MatchConfig> all, List<MatchConfig> any, MatchConfig not) {
    return new MatchConfig(
        null, null, null, null, null, null, null, null, null, all, any, not, null);
  }

  private static ListenerConfig config(String pool, List<MatchConfig> matches) {
    List<RouteConfig> routes = new ArrayList<>();
    for (MatchConfig match : matches) {
      routes.add(RouteConfig.of(match, "p" + routes.size()));
    }
    return new ListenerConfig(RouteRig.ANY_PORT, "tcp", null, null, null, null, null)
        .withRoutes(routes, pool);
  }

  private static TcpRoutes routes(MatchConfig... matches) {
    return new TcpRoutes(config(REST, List.of(matches)), pool -> null);
  }

  private static int taken(TcpRoutes routes, Came came) {
    TcpRoute route = routes.take(came);
    return route == null ? -1 : route.order();
  }

  @Test
  void theFirstThatMatchesWinsWhereverItIsListed() {
    TcpRoutes routes =
        routes(
            sni("b.a.test", "c.test"),
            sni("*.a.test"),
            sni("c.b.a.test"),
            sni("*.test"),
            sni("a.test"));
    assertThat(taken(routes, came("b.a.test"))).isEqualTo(0);
    assertThat(taken(routes, came("c.test"))).isEqualTo(0);
    assertThat(taken(routes, came("x.a.test"))).isEqualTo(1);
    assertThat(taken(routes, came("c.b.a.test"))).isEqualTo(1);
    // A suffix does not take itself, and a wider one may be first.
    assertThat(taken(routes, came("a.test"))).isEqualTo(3);
    assertThat(taken(routes, came("test"))).isEqualTo(5);
    assertThat(taken(routes, came("a.example"))).isEqualTo(5);
    assertThat(taken(routes, came(null))).isEqualTo(5);
  }

  @Test
  void namesAreConfiguredInAnyCaseAndWithAFinalDot() {
    TcpRoutes routes = routes(sni("A.Test."), sni("*.B.TEST"));
    assertThat(taken(routes, came("a.test"))).isEqualTo(0);
    assertThat(taken(routes, came("x.b.test"))).isEqualTo(1);
  }

  @Test
  void oneOfTheProtocolsIsEnough() {
    TcpRoutes routes = routes(alpn("h2", "h3"), alpn("acme-tls/1"));
    assertThat(taken(routes, came("a.test", "http/1.1", "h2"))).isEqualTo(0);
    assertThat(taken(routes, came(null, "acme-tls/1"))).isEqualTo(1);
    assertThat(taken(routes, came("a.test", "H2"))).isEqualTo(2);
    assertThat(taken(routes, came("a.test"))).isEqualTo(2);
  }

  @Test
  void sourcesAreNetworksAndAnUnknownClientIsInNone() {
    TcpRoutes routes = routes(sources("192.0.2.0/25", "2001:db8::/32"), sources("0.0.0.0/0"));
    assertThat(taken(routes, came(null))).isEqualTo(0);
    InetSocketAddress other = new InetSocketAddress("192.0.2.200", 1);
    assertThat(taken(routes, new Came(ClientHello.NONE, other))).isEqualTo(1);
    assertThat(taken(routes, new Came(ClientHello.NONE, null))).isEqualTo(2);
  }

  @Test
  void conditionsAreCombined() {
    TcpRoutes routes =
        routes(
            nested(List.of(sni("a.test"), alpn("h2")), null, null),
            nested(null, List.of(sni("*.b.test"), alpn("h3")), null),
            nested(null, null, nested(null, null, sni("c.test"))),
            nested(null, null, sni("d.test")));
    assertThat(taken(routes, came("a.test", "h2"))).isEqualTo(0);
    assertThat(taken(routes, came("x.b.test"))).isEqualTo(1);
    assertThat(taken(routes, came(null, "h3"))).isEqualTo(1);
    assertThat(taken(routes, came("c.test"))).isEqualTo(2);
    assertThat(taken(routes, came("a.test"))).isEqualTo(3);
    assertThat(taken(routes, came("b.test"))).isEqualTo(3);
    // What is no TLS asks for nothing.
    assertThat(taken(routes, came(null))).isEqualTo(3);
    assertThat(taken(routes, came("d.test"))).isEqualTo(4);
  }

  @Test
  void withoutAPoolForTheRestNoRouteIsTaken() {
    TcpRoutes routes = new TcpRoutes(config(null, List.of(sni("a.test"))), pool -> null);
    assertThat(taken(routes, came("a.test"))).isEqualTo(0);
    assertThat(taken(routes, came("b.test"))).isEqualTo(-1);
  }

  @Test
  void theHelloIsReadOnlyIfARouteAsksForIt() {
    assertThat(routes().hello()).isNull();
    assertThat(routes(sources("10.0.0.0/8")).hello()).isNull();
    assertThat(routes(nested(null, null, sources("10.0.0.0/8"))).hello()).isNull();
    assertThat(routes(sources("10.0.0.0/8"), sni("a.test")).hello())
        .isEqualTo(new TcpRoutes.HelloLimits(16_384, 5_000_000_000L));
    assertThat(routes(alpn("h2")).hello()).isNotNull();
    assertThat(routes(nested(List.of(nested(null, List.of(alpn("h2")), null)), null, null)).hello())
        .isNotNull();
    assertThat(routes(nested(null, null, sni("a.test"))).hello()).isNotNull();
  }

  @Test
  void howManyNamesThereAreDoesNotMatter() {
    List<MatchConfig> matches = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      matches.add(sni("n" + i + ".test", "*.s" + i + ".test"));
    }
    TcpRoutes routes = new TcpRoutes(config(REST, matches), pool -> null);
    AtomicInteger asked = new AtomicInteger();
    for (int i = 0; i < 10_000; i++) {
      ClientHello hello =
          new ClientHello(i % 2 == 0 ? "n" + i + ".test" : "a.s" + i + ".test", List.of());
      Arrival arrival =
          new Arrival() {
            @Override
            public ClientHello hello() {
              asked.incrementAndGet();
              return hello;
            }

            @Override
            public InetSocketAddress source() {
              return null;
            }
          };
      assertThat(routes.take(arrival).order()).isEqualTo(i);
    }
    // Each route that is looked at would ask again.
    assertThat(asked.get()).isLessThan(30_000);
  }

  /** What the first-match rule says, by looking at one route after another. */
  private static int reference(List<MatchConfig> matches, Came came) {
    for (int i = 0; i < matches.size(); i++) {
      if (Conditions.whole(matches.get(i)).test(came)) {
        return i;
      }
    }
    return matches.size();
  }

  @Test
  void theIndexFindsWhatLookingAtEachWouldFind() {
    SplittableRandom random = new SplittableRandom(5);
    String[] names = {
      "a.test", "b.a.test", "*.a.test", "*.b.a.test", "*.test", "x.b.a.test", "test"
    };
    String[] asked = {"a.test", "b.a.test", "x.b.a.test", "y.test", "test", "a.b.c.d.test", null};
    for (int i = 0; i < 3_000; i++) {
      List<MatchConfig> matches = new ArrayList<>();
      for (int r = random.nextInt(1, 8); r > 0; r--) {
        List<String> sni = new ArrayList<>();
        for (int n = random.nextInt(4); n > 0; n--) {
          sni.add(names[random.nextInt(names.length)]);
        }
        List<String> alpn = random.nextInt(3) == 0 ? List.of("h2") : null;
        matches.add(MatchConfig.ofConnection(sni, alpn, null));
      }
      TcpRoutes routes = new TcpRoutes(config(REST, matches), pool -> null);
      for (String name : asked) {
        for (String[] offered : new String[][] {{}, {"h2"}}) {
          assertThat(taken(routes, came(name, offered)))
              .as(() -> matches + " " + name)
              .isEqualTo(reference(matches, came(name, offered)));
        }
      }
    }
  }

  // ---- routes that never match

  private static List<String> problems(String pool, MatchConfig... matches) {
    List<String> found = new ArrayList<>();
    Consumer<Problem> problems = problem -> found.add(problem.toString());
    new TcpProtocol().check("/listeners/tls", config(pool, Arrays.asList(matches)), problems);
    return found;
  }

  @Test
  void whatEarlierRoutesTakeIsToldOfLaterOnes() {
    assertThat(problems(REST, sni("a.test"), sni("*.a.test"), alpn("h2"))).isEmpty();
    assertThat(problems(REST, sni("a.test"), sni("A.test.")))
        .containsExactly(
            "/listeners/tls/routes/1: can never match: routes/0 takes what is left for it");
    assertThat(problems(REST, sni("*.test"), sni("a.test", "b.a.test")))
        .containsExactly(
            "/listeners/tls/routes/1: can never match: routes/0 takes what is left for it");
    assertThat(problems(REST, sni("a.test"), sni("b.test"), sni("a.test", "b.test")))
        .containsExactly(
            "/listeners/tls/routes/2: can never match: routes/1 takes what is left for it");
    assertThat(problems(REST, alpn("h2"), alpn("h2")))
        .containsExactly(
            "/listeners/tls/routes/1: can never match: routes/0 takes what is left for it");
    MatchConfig both = MatchConfig.ofConnection(List.of("a.test"), List.of("h2"), null);
    assertThat(problems(REST, alpn("h2"), both))
        .containsExactly(
            "/listeners/tls/routes/1: can never match: routes/0 takes what is left for it");
    assertThat(problems(REST, both, sni("a.test"))).isEmpty();
    assertThat(problems(REST, sni("*.a.test"), sni("a.test"))).isEmpty();
  }

  @Test
  void aRouteForEverythingLeavesNothing() {
    assertThat(problems(null, sni("a.test"), null)).isEmpty();
    assertThat(problems(REST, sni("a.test"), null))
        .containsExactly(
            "/listeners/tls/pool: can never match: routes/1 takes what is left for it");
    assertThat(problems(null, sni(), alpn("h2")))
        .containsExactly(
            "/listeners/tls/routes/1: can never match: routes/0 takes what is left for it");
    assertThat(problems(null))
        .containsExactly("/listeners/tls: a tcp listener needs a pool or routes, and has neither");
  }
}
