package dev.weir.server.ctl;

/** Why a {@code lb ctl} command did not do what it should: text for the person who typed it. */
final class CtlFailure extends Exception {
  private static final long serialVersionUID = 1L;

  CtlFailure(String message) {
    super(message, null, false, false);
  }
}
