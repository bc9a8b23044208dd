package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much may wait before a client is read no more: requests sent ahead, for one. */
final class InboxTest {
  private static final int MAX = 1000;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Inbox inbox = new Inbox(channel, MAX);

  @AfterEach
  void close() {
    inbox.discard();
    channel.finish();
  }

  private void add(int bytes) {
    inbox.add(Unpooled.wrappedBuffer(new byte[bytes]));
    inbox.hold();
  }

  private boolean reads() {
    return channel.config().isAutoRead();
  }

  @Test
  void readingStopsWhenMoreWaitsThanMay() {
    add(MAX - 1);
    add(1);
    assertThat(reads()).isTrue();
    add(1);
    assertThat(reads()).isFalse();
    assertThat(inbox.peek().readableBytes()).isEqualTo(MAX + 1);
  }

  @Test
  void readingGoesOnWhenNothingWaits() {
    add(MAX + 1);
    ByteBuf waiting = inbox.peek();
    waiting.skipBytes(MAX);
    assertThat(inbox.peek()).isNotNull();
    assertThat(reads()).isFalse();
    waiting.skipBytes(1);
    assertThat(inbox.peek()).isNull();
    assertThat(reads()).isTrue();
  }
}
