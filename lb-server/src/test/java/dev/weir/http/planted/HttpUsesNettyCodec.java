package dev.weir.http.planted;

/** Breaks a rule on purpose. */
public final class HttpUsesNettyCodec {
  Class<?> known = io.netty.handler.codec.http.HttpServerCodec.class;
}
