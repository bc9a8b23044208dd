package dev.weir.core.planted;

/** Breaks a rule on purpose. */
public final class CoreSpeaksHttp {
  Class<?> known = io.netty.handler.codec.http.HttpMethod.class;
}
