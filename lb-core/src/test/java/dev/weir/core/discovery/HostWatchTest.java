package dev.weir.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.discovery.Resolver.Answer;
import dev.weir.core.testing.ManualControlLoop;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostWatchTest {
  private final ManualControlLoop loop = new ManualControlLoop();
  private final List<String> moves = new ArrayList<>();
  private final List<Long> lookUps = new ArrayList<>();
  private Answer answer = found(60, "10.0.0.1");

  private HostWatch watch(String host) {
    Resolver resolver =
        (name, done) -> {
          lookUps.add(loop.ticker().nanos() / 1_000_000_000);
          done.accept(answer);
        };
    HostWatch watch = new HostWatch(host, resolver, loop, to -> moves.add(to.getHostAddress()));
    loop.run(watch::start);
    return watch;
  }

  private static Answer found(int ttl, String... addresses) {
    List<InetAddress> all = new ArrayList<>();
    for (String address : addresses) {
      all.add(address(address));
    }
    return new Answer.Found(all, Duration.ofSeconds(ttl));
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "::1", "2001:db8::5"})
  void aLiteralAddressNeedsNoLookUp(String literal) {
    HostWatch watch = watch(literal);
    assertThat(watch.address()).isEqualTo(address(literal));
    assertThat(watch.failure()).isNull();
    loop.advance(Duration.ofHours(1));
    assertThat(lookUps).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0", "10.0.0.256", "a.b.c.d", "1.2.3.4.5", "db"})
  void whatOnlyLooksLikeOneIsAName(String name) {
    watch(name);
    assertThat(lookUps).hasSize(1);
  }

  @Test
  void anAddressIsLookedUpAgainWhenItExpires() {
    answer = found(7, "10.0.0.1");
    HostWatch watch = watch("db");
    assertThat(watch.address()).isEqualTo(address("10.0.0.1"));
    answer = found(7, "10.0.0.2");
    loop.advance(Duration.ofSeconds(7));
    assertThat(watch.address()).isEqualTo(address("10.0.0.2"));
    assertThat(moves).containsExactly("10.0.0.1", "10.0.0.2");
  }

  @Test
  void atMostEverySecondAndAtLeastEveryMinute() {
    answer = found(0, "10.0.0.1");
    watch("db");
    loop.advance(Duration.ofSeconds(10));
    assertThat(lookUps).hasSize(11);
    answer = found(86_400, "10.0.0.1");
    loop.advance(Duration.ofSeconds(121));
    assertThat(lookUps).hasSize(11 + 3);
  }

  @Test
  void theLastGoodAddressIsKeptWhileLookUpsFail() {
    answer = found(1, "10.0.0.1");
    HostWatch watch = watch("db");
    answer = new Answer.Failed("the name server says SERVFAIL");
    loop.advance(Duration.ofHours(1));
    assertThat(watch.address()).isEqualTo(address("10.0.0.1"));
    assertThat(watch.failure()).isEqualTo("the name server says SERVFAIL");
    assertThat(lookUps.size()).as("with growing pauses").isLessThan(70);
    answer = found(1, "10.0.0.2");
    loop.advance(Duration.ofMinutes(1));
    assertThat(watch.address()).isEqualTo(address("10.0.0.2"));
    assertThat(watch.failure()).isNull();
  }

  @Test
  void anAddressStillAmongSeveralStaysTheChosenOne() {
    answer = found(1, "10.0.0.1", "10.0.0.2");
    watch("db");
    answer = found(1, "10.0.0.2", "10.0.0.1");
    loop.advance(Duration.ofSeconds(5));
    assertThat(moves).containsExactly("10.0.0.1");
  }

  @Test
  void stoppedItLooksUpNoMore() {
    answer = found(1, "10.0.0.1");
    HostWatch watch = watch("db");
    loop.run(watch::stop);
    loop.advance(Duration.ofMinutes(1));
    assertThat(lookUps).hasSize(1);
  }
}
