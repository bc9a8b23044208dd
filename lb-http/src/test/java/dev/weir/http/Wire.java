package dev.weir.http;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.DetectorState;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.control.WallClock;
import dev.weir.core.net.Listener;
import dev.weir.core.net.Loops;
import dev.weir.core.net.Transport;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.pool.Pool;
import dev.weir.core.runtime.Protocol;
import dev.weir.core.testing.ManualControlLoop;
import dev.weir.core.testing.TestPools;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The whole path of HTTP/1.1 from a client's bytes to a backend's and back, the real classes
 * without sockets: everything runs on the test's thread, at one moment of virtual time.
 */
final class Wire implements AutoCloseable {
  private static final long NOW = 1_000_000_000L;
  private static final int STANDING = 2;

  /** What went out, to the backend over all connections in order, and to the client. */
  record Result(String upstream, String client, boolean clientOpen) {}

  /** In an answer: what follows comes with another read. */
  static final String CUT = "\uffff";

  /** At the end of an answer: the backend closes. */
  static final String CLOSE = "\ufffe";

  /** What answers a complete request; null sends nothing. */
  interface Answers {
    String to(String request);
  }

  private final Loops loops = new Loops(Transport.NIO, 1, () -> NOW, new SplittableRandom(1));
  private final HttpLoops http = new HttpLoops(loops, WallClock.system());
  private final HttpLoop loop = http.of(loops.get(0));
  private final Backend backend;
  private final HttpHandler handler;
  private final Listener listener;
  private final Deque<Line> upstreams = new ArrayDeque<>();
  private final StringBuilder sent = new StringBuilder();

  Wire() throws Exception {
    InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
    Pool pool = TestPools.of("web", new ManualControlLoop(), nowhere);
    backend = pool.backends().get(0);
    ListenerConfig config = Proxy.listening(null, null);
    Map<String, Pool> pools = Map.of("web", pool);
    handler =
        new HttpHandler(new Protocol.Scope("web", config, pools, loops, LbObserver.NONE), http);
    listener = Listener.open("web", config.bind(), loops, handler);
  }

  /** One client connection that sends these pieces, one read each, and then goes. */
  Result run(List<String> pieces, Answers answers) {
    sent.setLength(0);
    // The verdicts on what one backend has sent are not for the next client, either.
    backend.detected(DetectorState.OK);
    Line client = new Line();
    client.pipeline().addLast(new Downstream(loop, listener, handler));
    client.pipeline().fireChannelActive();
    for (String piece : pieces) {
      if (client.isOpen()) {
        stand();
        client.writeInbound(Unpooled.copiedBuffer(Chars.bytes(piece)));
        answer(answers);
      }
    }
    boolean open = client.isOpen() && !client.outputEnded;
    client.close();
    for (Line upstream : upstreams) {
      upstream.unanswered.setLength(0);
    }
    return new Result(sent.toString(), client.written.toString(), open);
  }

  /** Enough connections for what one piece may need: the engine never has to make one. */
  private void stand() {
    upstreams.removeIf(line -> !line.isOpen());
    while (loop.of(backend).idle().size() < STANDING) {
      Line line = new Line();
      backend.tryConnect();
      Upstream upstream = new Upstream(loop, backend, null, null);
      upstream.stands(line);
      line.pipeline().addLast(upstream);
      line.upstream = true;
      loop.of(backend).idle().put(upstream);
      upstreams.add(line);
    }
  }

  /** Answers complete requests until there are no more. */
  private void answer(Answers answers) {
    boolean again = true;
    while (again) {
      again = false;
      stand();
      for (Line line : upstreams.toArray(Line[]::new)) {
        int end = RecordingBackend.end(line.unanswered.toString());
        if (end >= 0 && line.isOpen()) {
          String request = line.unanswered.substring(0, end);
          line.unanswered.delete(0, end);
          String response = answers.to(request);
          if (response != null) {
            again = true;
            line.receive(response);
          }
        }
      }
    }
  }

  @Override
  public void close() {
    upstreams.forEach(Line::close);
    listener.close().join();
    loops.close();
    if (backend.load() != 0) {
      throw new AssertionError("leases left: " + backend.load());
    }
  }

  /** A connection of which everything written is kept. */
  private final class Line extends EmbeddedChannel implements DuplexChannel {
    private static final int CLIENT_PORT = 50_000;

    private final StringBuilder unanswered = new StringBuilder();
    private final StringBuilder written = new StringBuilder();
    private boolean upstream;
    private boolean outputEnded;

    Line() {
      super(new ChannelHandler[0]);
    }

    private void receive(String response) {
      for (String piece : response.replace(CLOSE, "").split(CUT)) {
        if (isOpen() && !piece.isEmpty()) {
          writeInbound(Unpooled.copiedBuffer(Chars.bytes(piece)));
        }
      }
      if (response.endsWith(CLOSE)) {
        close();
      }
    }

    @Override
    protected SocketAddress remoteAddress0() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), CLIENT_PORT);
    }

    @Override
    protected SocketAddress localAddress0() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);
    }

    @Override
    protected void handleOutboundMessage(Object message) {
      ByteBuf bytes = (ByteBuf) message;
      String text = bytes.toString(java.nio.charset.StandardCharsets.ISO_8859_1);
      bytes.release();
      if (upstream) {
        sent.append(text);
        unanswered.append(text);
      } else {
        written.append(text);
      }
    }

    @Override
    public boolean isInputShutdown() {
      return false;
    }

    @Override
    public ChannelFuture shutdownInput() {
      return newSucceededFuture();
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
      return promise.setSuccess();
    }

    @Override
    public boolean isOutputShutdown() {
      return outputEnded;
    }

    @Override
    public ChannelFuture shutdownOutput() {
      outputEnded = true;
      return newSucceededFuture();
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
      outputEnded = true;
      return promise.setSuccess();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public ChannelFuture shutdown() {
      return newSucceededFuture();
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
      return promise.setSuccess();
    }
  }
}
