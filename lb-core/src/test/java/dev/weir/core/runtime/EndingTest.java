package dev.weir.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.config.HostPort;
import dev.weir.core.config.ProcessConfig.Shutdown;
import dev.weir.core.control.Ticker;
import dev.weir.core.net.ClientConnection;
import dev.weir.core.net.Listener;
import dev.weir.core.net.Loops;
import dev.weir.core.net.Transport;
import dev.weir.core.testing.ManualControlLoop;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EndingTest {
  private static final Shutdown TIMES =
      new Shutdown(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(60));

  private final ManualControlLoop control = new ManualControlLoop();
  private final Loops loops =
      new Loops(Transport.of("auto"), 2, Ticker.system(), new SplittableRandom(1));
  private volatile boolean stubborn;
  private Listener listener;
  private Ending ending;

  @BeforeEach
  void open() throws IOException {
    listener =
        Listener.open(
            "web",
            new HostPort("127.0.0.1", 0),
            loops,
            (child, loop, on) -> child.pipeline().addLast(new Connection(child)));
    ending = new Ending(control, () -> List.of(listener));
  }

  @AfterEach
  void close() {
    ending.close();
    loops.close();
  }

  /** Closes when told to drain, unless stubborn. */
  private final class Connection extends ClientConnection {
    private final Channel channel;

    Connection(Channel channel) {
      this.channel = channel;
    }

    @Override
    public void drain() {
      if (!stubborn) {
        channel.close();
      }
    }

    @Override
    public void abort() {
      channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      ctx.fireChannelInactive();
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(listener.address().getAddress(), listener.address().getPort());
    int before = ending.openConnections();
    Awaitility.await().until(() -> ending.openConnections() >= Math.max(1, before));
    return socket;
  }

  private CompletableFuture<Drained> begin(Shutdown times) {
    CompletableFuture<Drained> done = ending.begin(times);
    control.run();
    return done;
  }

  private Drained await(CompletableFuture<Drained> done) {
    Awaitility.await()
        .until(
            () -> {
              control.run();
              return done.isDone();
            });
    return done.join();
  }

  @Test
  void duringTheDelayEverythingGoesOn() throws Exception {
    CompletableFuture<Drained> done = begin(TIMES);
    assertThat(ending.begun()).isTrue();
    control.advance(Duration.ofMillis(4_900));
    try (Socket late = connect()) {
      assertThat(done).isNotDone();
      control.advance(Duration.ofMillis(100));
      assertThat(await(done)).isEqualTo(new Drained(0));
      assertThat(late.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void itIsDoneAsSoonAsNothingIsOpen() throws Exception {
    stubborn = true;
    try (Socket busy = connect()) {
      CompletableFuture<Drained> done =
          begin(new Shutdown(Duration.ZERO, Duration.ofSeconds(30), Duration.ofSeconds(60)));
      control.advance(Duration.ofSeconds(10));
      assertThat(done).isNotDone();
      busy.close();
      Awaitility.await().until(() -> ending.openConnections() == 0 || endsClosing());
      assertThat(await(done)).isEqualTo(new Drained(0));
    }
  }

  // Half-closure is allowed: the connection sees the client's end only when it reads.
  private boolean endsClosing() {
    stubborn = false;
    listener.drain();
    return true;
  }

  @Test
  void atTheDeadlineWhatIsLeftIsCutAndCounted() throws Exception {
    stubborn = true;
    try (Socket one = connect();
        Socket two = connect()) {
      Awaitility.await().until(() -> ending.openConnections() == 2);
      CompletableFuture<Drained> done = begin(TIMES);
      control.advance(Duration.ofSeconds(35));
      assertThat(await(done)).isEqualTo(new Drained(2));
      assertThat(one.getInputStream().read()).isEqualTo(-1);
      assertThat(two.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aSecondCallEndsNow() throws Exception {
    stubborn = true;
    try (Socket busy = connect()) {
      CompletableFuture<Drained> done = begin(TIMES);
      CompletableFuture<Drained> again = begin(TIMES);
      assertThat(await(done)).isEqualTo(new Drained(1));
      assertThat(again).isCompleted();
      assertThat(busy.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void theHardLimitCutsTheDrainShort() throws Exception {
    stubborn = true;
    try (Socket busy = connect()) {
      CompletableFuture<Drained> done =
          begin(new Shutdown(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(8)));
      control.advance(Duration.ofSeconds(8));
      assertThat(await(done)).isEqualTo(new Drained(1));
      assertThat(busy.getInputStream().read()).isEqualTo(-1);
    }
  }
}
