package dev.weir.core.config;

/** How much a configuration may be. What is beyond is refused with a problem, never fatal. */
final class Bounds {
  /** Bytes of one file, and of one document sent to the API. */
  static final int FILE_BYTES = 4 * 1024 * 1024;

  /** Maps and lists inside one another. */
  static final int DEPTH = 64;

  /** Values of one configuration, included files and repeated aliases counted. */
  static final int NODES = 2_000_000;

  /** Values that aliases stand for, in one configuration. */
  static final int ALIASED_NODES = 100_000;

  /** Files of one configuration. */
  static final int FILES = 1_000;

  /** Includes inside one another. */
  static final int INCLUDE_DEPTH = 8;

  /** Listeners of one configuration. */
  static final int LISTENERS = 1_000;

  /** Pools of one configuration. */
  static final int POOLS = 10_000;

  /** Backends of one configuration, all pools together. */
  static final int BACKENDS = 100_000;

  /** Routes of one listener. */
  static final int ROUTES = 10_000;

  /** Conditions inside one another: all, any and not. */
  static final int CONDITION_DEPTH = 8;

  /** Conditions of one route. */
  static final int CONDITIONS = 200;

  /** Elements of one list inside a route: pools of a split, networks, headers. */
  static final int ROUTE_LIST = 1_000;

  private Bounds() {}
}
