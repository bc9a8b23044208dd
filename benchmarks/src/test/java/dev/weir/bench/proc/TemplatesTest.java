package dev.weir.bench.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.bench.UnfitException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplatesTest {
  @Test
  void everyHoleIsFilledAndOtherBracesAreLeftAlone() {
    String text = "# {{...}} is filled in\nhttp: { path: /health, port: {{port}} } # {{port}}$1";

    assertThat(Templates.fill(text, Map.of("port", "$80")))
        .isEqualTo("# {{...}} is filled in\nhttp: { path: /health, port: $80 } # $80$1");
  }

  @Test
  void aHoleWithoutAValueIsNamed() {
    assertThatThrownBy(() -> Templates.fill("{{port}}", Map.of()))
        .isInstanceOf(UnfitException.class)
        .hasMessageContaining("{{port}}");
  }
}
