package dev.weir.core.observe.log;

import dev.weir.core.observe.EndSummary;
import dev.weir.core.observe.EndSummary.Text;

/** The combined log format of Apache httpd, which most tools read. */
final class CombinedFormat implements LineFormat {
  @Override
  public void write(EndSummary end, LogTime time, LogLine line) {
    part(end, Text.CLIENT, line);
    line.add(" - - [");
    time.addCommon(line);
    line.add("] \"");
    part(end, Text.METHOD, line);
    line.add(" ");
    part(end, Text.TARGET, line);
    line.add(" HTTP/1.1\" ").add(end.status()).add(" ").add(end.bytesOut()).add(" \"");
    part(end, Text.REFERER, line);
    line.add("\" \"");
    part(end, Text.USER_AGENT, line);
    line.add("\"");
  }

  private static void part(EndSummary end, Text which, LogLine line) {
    if (!line.addPart(end, which)) {
      line.add("-");
    }
  }
}
