package dev.weir.core.planted;

/** Breaks a rule on purpose. */
public final class CoreKnowsHttp {
  Class<?> known = dev.weir.http.planted.HttpKnowsTcp.class;
}
