package dev.weir.core.net;

import dev.weir.core.net.PlainResponder.Answer;
import dev.weir.core.net.PlainResponder.Page;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the {@link PlainResponder}: read one request head, make the answer, write it,
 * end. A request that is not a plain GET or HEAD of a known path gets 400, 404 or 405; one that is
 * too long or too slow gets 431 or nothing.
 */
final class PlainConnection extends ClientConnection {
  static final int MAX_HEAD = 8 * 1024;
  static final int MAX_CONNECTIONS = 64;

  private static final Logger LOG = LoggerFactory.getLogger(PlainConnection.class);
  private static final long REQUEST_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final LoopContext loop;
  private final Map<String, Page> pages;
  private final Executor worker;
  private ByteBuf head;
  private final Deadline deadline =
      new Deadline() {
        @Override
        protected void expired() {
          abort();
        }
      };
  private ChannelHandlerContext ctx;
  private boolean asked;
  private boolean headOnly;

  private PlainConnection(
      Channel child, LoopContext loop, Map<String, Page> pages, Executor worker) {
    this.loop = loop;
    this.pages = pages;
    this.worker = worker;
    head = child.alloc().buffer(512, MAX_HEAD);
  }

  static void accept(
      Channel child,
      LoopContext loop,
      Listener listener,
      Map<String, Page> pages,
      Executor worker) {
    if (listener.connections(loop).size() >= MAX_CONNECTIONS) {
      child.unsafe().closeForcibly();
      return;
    }
    child.pipeline().addLast(new PlainConnection(child, loop, pages, worker));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    ctx = added;
    loop.wheel().arm(deadline, REQUEST_NANOS);
  }

  @Override
  public void channelRead(ChannelHandlerContext same, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (!asked) {
        read(in);
      }
    } finally {
      in.release();
    }
  }

  private void read(ByteBuf in) {
    int from = Math.max(0, head.writerIndex() - 3);
    head.writeBytes(in, Math.min(in.readableBytes(), head.maxWritableBytes()));
    if (endOfHead(from)) {
      ask();
    } else if (head.maxWritableBytes() == 0) {
      asked = true;
      answer(Answer.text(431, "the request head is longer than " + MAX_HEAD + " bytes\n"));
    }
  }

  private boolean endOfHead(int from) {
    for (int i = from; i + 3 < head.writerIndex(); i++) {
      if (head.getInt(i) == 0x0d0a0d0a) {
        return true;
      }
    }
    return false;
  }

  private void ask() {
    asked = true;
    loop.wheel().disarm(deadline);
    loop.wheel().arm(deadline, ANSWER_NANOS);
    int end = ByteBufUtil.indexOf(head, 0, head.writerIndex(), (byte) '\r');
    String line = head.toString(0, end, StandardCharsets.ISO_8859_1);
    releaseHead();
    String[] words = line.split(" ", -1);
    boolean wellFormed =
        words.length == 3
            && words[1].startsWith("/")
            && (words[2].equals("HTTP/1.1") || words[2].equals("HTTP/1.0"));
    if (!wellFormed) {
      answer(Answer.text(400, "the request line is not METHOD /path HTTP/1.1\n"));
      return;
    }
    headOnly = words[0].equals("HEAD");
    int query = words[1].indexOf('?');
    Page page = pages.get(query < 0 ? words[1] : words[1].substring(0, query));
    if (page == null) {
      answer(Answer.text(404, "nothing here; there is " + String.join(" ", sortedPaths()) + "\n"));
    } else if (!headOnly && !words[0].equals("GET")) {
      answer(Answer.text(405, "only GET and HEAD are served\n"));
    } else {
      answer(page);
    }
  }

  private Iterable<String> sortedPaths() {
    return pages.keySet().stream().sorted().toList();
  }

  private void answer(Page page) {
    if (!page.slow()) {
      answer(make(page));
      return;
    }
    try {
      worker.execute(
          () -> {
            Answer made = make(page);
            loop.loop().execute(() -> answer(made));
          });
    } catch (RejectedExecutionException busy) {
      answer(Answer.text(503, "too many are asking\n"));
    }
  }

  private static Answer make(Page page) {
    try {
      return page.content().get();
    } catch (RuntimeException defect) {
      LOG.error("a page could not be made", defect);
      return Answer.text(500, "the answer could not be made; see the log\n");
    }
  }

  private void answer(Answer answer) {
    if (!ctx.channel().isActive()) {
      return;
    }
    ByteBuf out =
        ctx.alloc().buffer(256 + (headOnly ? 0 : ByteBufUtil.utf8MaxBytes(answer.body())));
    ByteBufUtil.writeAscii(
        out,
        "HTTP/1.1 "
            + answer.status()
            + " "
            + reason(answer.status())
            + "\r\nContent-Type: "
            + answer.contentType()
            + "\r\nContent-Length: "
            + ByteBufUtil.utf8Bytes(answer.body())
            + "\r\nCache-Control: no-store\r\nConnection: close\r\n"
            + (answer.status() == 405 ? "Allow: GET, HEAD\r\n" : "")
            + "\r\n");
    if (!headOnly) {
      ByteBufUtil.writeUtf8(out, answer.body());
    }
    ctx.writeAndFlush(out).addListener((ChannelFutureListener) written -> linger());
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 431 -> "Request Header Fields Too Large";
      case 500 -> "Internal Server Error";
      case 503 -> "Service Unavailable";
      default -> "Answer";
    };
  }

  // Closing with unread bytes would send a reset, which can overtake the answer (RFC 9112, 9.6).
  private void linger() {
    if (ctx.channel().isActive()) {
      ((DuplexChannel) ctx.channel()).shutdownOutput();
      loop.wheel().disarm(deadline);
      loop.wheel().arm(deadline, LINGER_NANOS);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext same, Object event) {
    if (event instanceof ChannelInputShutdownEvent && !(asked && !lingering())) {
      ctx.close();
    }
  }

  private boolean lingering() {
    return ((DuplexChannel) ctx.channel()).isOutputShutdown();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext same, Throwable failure) {
    ctx.close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext same) {
    loop.wheel().disarm(deadline);
    releaseHead();
  }

  private void releaseHead() {
    // Released once: afterwards the same object may be another connection's buffer.
    if (head != null) {
      head.release();
      head = null;
    }
  }

  @Override
  public void drain() {
    if (!asked) {
      ctx.close();
    }
  }

  @Override
  public void abort() {
    ctx.close();
  }
}
