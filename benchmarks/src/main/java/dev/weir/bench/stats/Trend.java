package dev.weir.bench.stats;

import java.util.Locale;

/**
 * A straight line through points by least squares, and how certain its slope is: the interval that
 * holds the true slope with a confidence of 99 % by Student's t, if the deviations are independent
 * and normal.
 *
 * @param points how many
 * @param slope units of y for each unit of x
 * @param error standard error of the slope
 * @param half half the width of the interval
 */
public record Trend(int points, double slope, double error, double half) {
  /** The 99.5th percentile of Student's t for 1 to 30 degrees of freedom. */
  private static final double[] T = {
    63.657, 9.925, 5.841, 4.604, 4.032, 3.707, 3.499, 3.355, 3.250, 3.169,
    3.106, 3.055, 3.012, 2.977, 2.947, 2.921, 2.898, 2.878, 2.861, 2.845,
    2.831, 2.819, 2.807, 2.797, 2.787, 2.779, 2.771, 2.763, 2.756, 2.750
  };

  /** The 99.5th percentile of the normal distribution. */
  private static final double Z = 2.575829;

  /**
   * Fits.
   *
   * @throws IllegalArgumentException with fewer than three points, or all at the same x
   */
  public static Trend of(double[] x, double[] y) {
    int n = x.length;
    if (n < 3 || y.length != n) {
      throw new IllegalArgumentException("a trend needs three points, not " + n);
    }
    double meanX = mean(x);
    double meanY = mean(y);
    double xx = 0;
    double xy = 0;
    for (int i = 0; i < n; i++) {
      xx += (x[i] - meanX) * (x[i] - meanX);
      xy += (x[i] - meanX) * (y[i] - meanY);
    }
    if (xx == 0) {
      throw new IllegalArgumentException("all points are at the same x");
    }
    double slope = xy / xx;
    double rest = 0;
    for (int i = 0; i < n; i++) {
      double deviation = y[i] - meanY - slope * (x[i] - meanX);
      rest += deviation * deviation;
    }
    double error = Math.sqrt(rest / (n - 2) / xx);
    return new Trend(n, slope, error, quantile(n - 2) * error);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** Beyond the table by the expansion of Cornish and Fisher, right to the third decimal. */
  static double quantile(int freedom) {
    if (freedom <= T.length) {
      return T[freedom - 1];
    }
    double cube = Z * Z * Z;
    double first = (cube + Z) / (4.0 * freedom);
    double second = (5 * cube * Z * Z + 16 * cube + 3 * Z) / (96.0 * freedom * freedom);
    return Z + first + second;
  }

  /** The lower end of the interval. */
  public double low() {
    return slope - half;
  }

  /** The upper end of the interval. */
  public double high() {
    return slope + half;
  }

  /** Whether it certainly rises: the whole interval is above zero. */
  public boolean rises() {
    return low() > 0;
  }

  /** For people. */
  public String text(String unit) {
    return String.format(Locale.ROOT, "%.1f %s, 99 %%: %.1f to %.1f", slope, unit, low(), high());
  }
}
