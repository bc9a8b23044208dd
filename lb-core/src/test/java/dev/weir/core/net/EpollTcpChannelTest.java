package dev.weir.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.HostPort;
import dev.weir.core.control.Ticker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(60)
@EnabledOnOs(OS.LINUX)
class EpollTcpChannelTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private Loops loops;
  private Listener listener;
  private final BlockingQueue<Side> accepted = new LinkedBlockingQueue<>();
  private boolean autoRead;

  @BeforeEach
  void open() throws Exception {
    loops = new Loops(Transport.EPOLL, 1, Ticker.system(), new SplittableRandom(1));
    listener = Listener.open("test", new HostPort("127.0.0.1", 0), loops, this::accept);
  }

  @AfterEach
  void close() throws Exception {
    listener.retire(Duration.ZERO).get(5, TimeUnit.SECONDS);
    loops.close();
  }

  private void accept(Channel child, LoopContext loop, Listener of) {
    child.config().setAutoRead(autoRead);
    child.pipeline().addLast(new Side());
  }

  /** Our side of a connection: what happens to it is written down. */
  private final class Side extends ClientConnection {
    private final Queue<String> events = new ConcurrentLinkedQueue<>();
    private final ByteBuf received = Unpooled.buffer();
    private Channel own;
    private volatile boolean keepsNothing;
    private int count;
    private volatile int bytes;

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      own = ctx.channel();
      accepted.add(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf buffer = (ByteBuf) message;
      count += buffer.readableBytes();
      if (!keepsNothing) {
        received.writeBytes(buffer);
      }
      bytes = count;
      buffer.release();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      events.add("complete");
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        events.add("end");
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
      events.add(failure.getMessage());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      events.add("inactive");
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
      events.add("removed");
    }

    @Override
    public void drain() {}

    @Override
    public void abort() {
      own.close();
    }

    <T> T onLoop(Callable<T> task) throws Exception {
      return own.eventLoop().submit(task).get(10, TimeUnit.SECONDS);
    }
  }

  private Socket connect() throws Exception {
    Socket client = new Socket();
    client.connect(listener.address(), 5_000);
    client.setSoTimeout(10_000);
    return client;
  }

  private Side side() throws Exception {
    return accepted.poll(10, TimeUnit.SECONDS);
  }

  @Test
  void nothingIsReadUnlessAskedForAndOneBufferEachTime() throws Exception {
    try (Socket client = connect()) {
      Side side = side();
      client.getOutputStream().write(new byte[10_000]);
      client.shutdownOutput();
      side.onLoop(() -> null);
      assertThat(side.bytes).isZero();

      side.own.read();
      await().atMost(SOON).until(() -> side.bytes > 0);
      int first = side.bytes;
      assertThat(first).isLessThan(10_000);
      for (int i = 0; i < 20; i++) {
        side.onLoop(() -> side.own.read());
        side.onLoop(() -> null);
      }
      await().atMost(SOON).until(() -> side.bytes == 10_000);
      assertThat(side.events).contains("end");
    }
  }

  @Test
  void aPausedChannelDoesNotBufferWhenTheEndComes() throws Exception {
    try (Socket client = connect()) {
      Side side = side();
      client.getOutputStream().write(new byte[100_000]);
      client.shutdownOutput();
      side.own.read();
      await().atMost(SOON).until(() -> side.bytes > 0);
      side.onLoop(() -> null);
      assertThat(side.bytes).isLessThanOrEqualTo(2 * 1024);
    }
  }

  @Test
  void aResetIsSeenWhileNothingIsRead() throws Exception {
    Socket client = connect();
    Side side = side();
    client.setSoLinger(true, 0);
    client.close();

    await().atMost(SOON).until(() -> side.events.contains("removed"));
    assertThat(String.join(" ", side.events)).contains("Connection reset by peer inactive");
  }

  @Test
  void whatCameBeforeAResetIsReadFirst() throws Exception {
    Socket client = connect();
    Side side = side();
    client.getOutputStream().write(new byte[20_000]);
    side.onLoop(() -> null);
    client.setSoLinger(true, 0);
    client.close();

    await().atMost(SOON).until(() -> side.events.contains("removed"));
    assertThat(side.bytes).isEqualTo(20_000);
  }

  @Test
  void aResetAfterTheEndIsSeen() throws Exception {
    autoRead = true;
    Socket client = connect();
    Side side = side();
    client.shutdownOutput();
    await().atMost(SOON).until(() -> side.events.contains("end"));
    client.setSoLinger(true, 0);
    client.close();

    await().atMost(SOON).until(() -> side.events.contains("removed"));
    assertThat(String.join(" ", side.events)).contains("failed with error").contains("inactive");
  }

  @Test
  void aHalfClosedConnectionTakesMoreThanFitsTheSocket() throws Exception {
    autoRead = true;
    byte[] bytes = new byte[20_000_000];
    new Random(1).nextBytes(bytes);
    try (Socket client = connect()) {
      Side side = side();
      client.shutdownOutput();
      await().atMost(SOON).until(() -> side.events.contains("end"));
      for (int at = 0; at < bytes.length; at += 100_000) {
        side.own.write(Unpooled.wrappedBuffer(bytes, at, 100_000));
      }
      side.own.flush();
      side.own
          .writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(done -> ((DuplexChannel) side.own).shutdownOutput());

      InputStream in = client.getInputStream();
      assertThat(Arrays.equals(in.readAllBytes(), bytes)).isTrue();
    }
  }

  @Test
  void whatIsWrittenAtOnceKeepsItsPlaceAmongWhatWaits() throws Exception {
    byte[] bytes = new byte[20_000_000];
    new Random(1).nextBytes(bytes);
    try (Socket client = connect()) {
      Side side = side();
      int atOnce = side.onLoop(() -> writeInTurns(side.own, bytes));
      assertThat(atOnce).isBetween(1, bytes.length / 10_000 - 1);
      side.own
          .writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(done -> ((DuplexChannel) side.own).shutdownOutput());

      InputStream in = client.getInputStream();
      assertThat(Arrays.equals(in.readAllBytes(), bytes)).isTrue();
    }
  }

  /** How many pieces were taken at once. */
  private static int writeInTurns(Channel channel, byte[] bytes) {
    int taken = 0;
    for (int at = 0; at < bytes.length; at += 10_000) {
      int cut = at / 7 % 10_000;
      ByteBuf first = channel.alloc().directBuffer().writeBytes(bytes, at, cut);
      ByteBuf second = channel.alloc().directBuffer().writeBytes(bytes, at + cut, 10_000 - cut);
      if (writeNow((ImmediateWrite) channel, first, second)) {
        taken++;
        first.release();
        second.release();
      } else {
        channel.write(first);
        channel.writeAndFlush(second);
      }
    }
    return taken;
  }

  private static boolean writeNow(ImmediateWrite to, ByteBuf first, ByteBuf second) {
    return first.isReadable() ? to.writeNow(first, second) : to.writeNow(second);
  }

  @Test
  void writingAtOnceToNobodyIsReportedByTheNextWrite() throws Exception {
    Socket client = connect();
    Side side = side();
    client.setSoLinger(true, 0);
    client.close();
    await().atMost(SOON).until(() -> side.events.contains("removed"));

    boolean written =
        side.onLoop(
            () -> {
              ByteBuf piece = side.own.alloc().directBuffer().writeZero(10);
              boolean taken = ((ImmediateWrite) side.own).writeNow(piece);
              piece.release();
              return taken;
            });
    assertThat(written).isFalse();
  }

  @Test
  void automaticReadingTakesEverything() throws Exception {
    autoRead = true;
    byte[] bytes = new byte[3_000_000];
    new Random(2).nextBytes(bytes);
    try (Socket client = connect()) {
      Side side = side();
      client.getOutputStream().write(bytes);
      await().atMost(SOON).until(() -> side.bytes == bytes.length);
      assertThat(Arrays.equals(side.received.array(), 0, bytes.length, bytes, 0, bytes.length))
          .isTrue();
      assertThat(side.events).doesNotContain("end");
    }
  }

  @Test
  void switchingAutomaticReadingOffStopsIt() throws Exception {
    autoRead = true;
    try (Socket client = connect()) {
      Side side = side();
      client.getOutputStream().write(1);
      await().atMost(SOON).until(() -> side.bytes == 1);
      side.onLoop(() -> side.own.config().setAutoRead(false));
      client.getOutputStream().write(2);
      side.onLoop(() -> null);
      side.onLoop(() -> null);
      assertThat(side.bytes).isEqualTo(1);
      side.onLoop(() -> side.own.config().setAutoRead(true));
      await().atMost(SOON).until(() -> side.bytes == 2);
    }
  }

  @Test
  void aConnectionThatAlwaysHasMoreLeavesTheOthersTheirTurn() throws Exception {
    autoRead = true;
    try (Socket greedy = connect()) {
      Side bulk = side();
      bulk.keepsNothing = true;
      Thread sending = new Thread(() -> sendUntilClosed(greedy), "greedy");
      sending.setDaemon(true);
      sending.start();
      await().atMost(SOON).until(() -> bulk.bytes > 10_000_000);
      try (Socket other = connect()) {
        Side pinged = side();
        long begun = System.nanoTime();
        for (int i = 1; i <= 50; i++) {
          other.getOutputStream().write(i);
          int count = i;
          await()
              .atMost(SOON)
              .pollInterval(Duration.ofMillis(1))
              .until(() -> pinged.bytes == count);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
      }
    }
  }

  private static void sendUntilClosed(Socket socket) {
    byte[] much = new byte[1_000_000];
    try {
      while (true) {
        socket.getOutputStream().write(much);
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  @Test
  void addressesAndOptionsAreThoseOfTheSocket() throws Exception {
    try (Socket client = connect()) {
      Side side = side();
      EpollTcpChannel channel = (EpollTcpChannel) side.own;
      assertThat(channel.remoteAddress()).isEqualTo(client.getLocalSocketAddress());
      assertThat(channel.localAddress()).isEqualTo(client.getRemoteSocketAddress());
      assertThat(channel.config().isTcpNoDelay()).as("inherited").isTrue();
      assertThat(channel.config().isAllowHalfClosure()).isTrue();
      assertThat(channel.config().getSoLinger()).isEqualTo(-1);
      assertThat(channel.config().getOptions()).isNotEmpty();
    }
  }
}
