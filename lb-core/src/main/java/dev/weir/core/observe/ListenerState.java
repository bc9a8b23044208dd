package dev.weir.core.observe;

import java.util.Locale;

/** Whether clients get in. */
public enum ListenerState {
  /** It accepts. */
  LISTENING,
  /** Its sockets are closed while nobody could serve what they accept. */
  CLOSED,
  /** Its sockets are to be opened again, and cannot be; it is tried again. */
  STUCK;

  /** The name in logs, metrics and answers. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
