package dev.weir.bench.stats;

import java.util.Arrays;
import java.util.Locale;

/**
 * Median and inter-quartile range of a sample; quartiles are interpolated linearly between order
 * statistics (type 7 of Hyndman and Fan 1996, the default of R and NumPy).
 *
 * @param count size of the sample; all values are NaN when it is 0
 */
public record Quartiles(int count, double least, double lower, double median, double upper) {
  /** Of values in any order; the array is not changed. */
  public static Quartiles of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Quartiles(
        sorted.length, at(sorted, 0), at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
  }

  private static double at(double[] sorted, double fraction) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double place = fraction * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /** {@code median [lower-upper]}, or a dash for an empty sample. */
  public String text(int decimals) {
    String number = "%." + decimals + "f";
    return count == 0
        ? "-"
        : String.format(
            Locale.ROOT, number + " [" + number + "-" + number + "]", median, lower, upper);
  }
}
