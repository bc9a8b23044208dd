package dev.weir.core.planted;

/** Breaks a rule on purpose. */
public final class CoreSpeaksNetty {
  Class<?> known = io.netty.buffer.ByteBuf.class;
}
