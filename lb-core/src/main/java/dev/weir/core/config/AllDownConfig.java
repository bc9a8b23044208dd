package dev.weir.core.config;

/**
 * What becomes of new work while no backend of a pool is eligible. Written {@code reset}, {@code
 * close} or {@code pool: NAME}.
 *
 * @param close whether tcp listeners that lead to the pool close their sockets meanwhile; otherwise
 *     sessions are accepted and reset, and requests answered 503
 * @param pool the pool that stands in; null for none
 */
public record AllDownConfig(boolean close, String pool) {
  /** So many pools may stand in one after another. */
  public static final int MOST_STANDING_IN = 8;

  /** Accepts and resets. */
  public static final AllDownConfig RESET = new AllDownConfig(false, null);

  /** Closes the sockets of listeners. */
  public static final AllDownConfig CLOSE = new AllDownConfig(true, null);

  /** Another pool stands in. */
  public static AllDownConfig pool(String name) {
    return new AllDownConfig(false, name);
  }

  /**
   * Reads {@code reset} or {@code close}.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong
   */
  public static AllDownConfig parse(String text) {
    return switch (text) {
      case "reset" -> RESET;
      case "close" -> CLOSE;
      default ->
          throw new IllegalArgumentException(
              "must be reset, close, or a map with 'pool', is " + Quote.text(text));
    };
  }
}
