import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.CompressionRatioEstimator;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes the records of one workload in full batches, round robin over the partitions; always the same ones.
 * Usage: SourceData bootstrap topic partitions count json|random keyBytes valueBytes codec batchBytes compressedShare
 * compressedShare: what the codec leaves of this data. The producer starts with 1 and would write small batches until it has learnt it.
 */
public class SourceData {
  private static final int POOL_RECORDS = 4_096;
  private static final int POOL_BYTES = 64 << 20;
  private static final int LINGER_MS = 60_000;
  private static final String[] STATUS = {"NEW", "PAID", "PACKED", "SHIPPED", "DELIVERED", "RETURNED"};
  private static final String[] CITY = {"Lisbon", "Oslo", "Utrecht", "Graz", "Porto", "Tampere", "Ghent", "Brno"};
  private static final String[] COLOUR = {"red", "green", "blue", "black", "white", "yellow"};

  private interface Values {
    byte[] value(long n);
  }

  public static void main(String[] args) throws Exception {
    String topic = args[1];
    int partitions = Integer.parseInt(args[2]);
    long count = Long.parseLong(args[3]);
    int keyBytes = Integer.parseInt(args[5]);
    int valueBytes = Integer.parseInt(args[6]);
    Values values = args[4].equals("json") ? json(valueBytes) : random(valueBytes);
    CompressionRatioEstimator.setEstimation(topic, CompressionType.forName(args[7]), Float.parseFloat(args[9]));
    AtomicReference<Exception> refused = new AtomicReference<>();
    try (KafkaProducer<byte[], byte[]> producer = open(args[0], args[7], args[8])) {
      for (long n = 0; n < count && refused.get() == null; n++) {
        byte[] key = keyBytes == 0 ? null : String.format("%0" + keyBytes + "d", n * 7_919 % 1_000_000).getBytes(StandardCharsets.US_ASCII);
        producer.send(new ProducerRecord<>(topic, (int) (n % partitions), key, values.value(n)), (metadata, error) -> {
          if (error != null) refused.compareAndSet(null, error);
        });
      }
      producer.flush();
    }
    if (refused.get() != null) throw refused.get();
  }

  private static KafkaProducer<byte[], byte[]> open(String bootstrap, String codec, String batchBytes) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", bootstrap);
    properties.put("compression.type", codec);
    properties.put("batch.size", batchBytes);
    properties.put("linger.ms", String.valueOf(LINGER_MS));
    properties.put("delivery.timeout.ms", String.valueOf(3 * LINGER_MS));
    properties.put("buffer.memory", String.valueOf(64 << 20));
    properties.put("acks", "all");
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Slices of one large pool: two records of one batch practically never overlap. */
  private static Values random(int valueBytes) {
    byte[] pool = new byte[POOL_BYTES];
    Random random = new Random(11);
    random.nextBytes(pool);
    return n -> {
      byte[] value = new byte[valueBytes];
      System.arraycopy(pool, random.nextInt(POOL_BYTES - valueBytes), value, 0, valueBytes);
      return value;
    };
  }

  /** Orders as a shop would write them: far more of them than a codec's window holds. */
  private static Values json(int valueBytes) {
    Random random = new Random(7);
    byte[][] pool = new byte[POOL_RECORDS][];
    for (int i = 0; i < POOL_RECORDS; i++) pool[i] = order(random, valueBytes);
    return n -> pool[(int) (n % POOL_RECORDS)];
  }

  private static byte[] order(Random random, int valueBytes) {
    StringBuilder text = new StringBuilder(valueBytes + 200);
    text.append(String.format(Locale.ROOT, "{\"orderId\":\"%016x\",\"createdAt\":\"2024-03-%02dT%02d:%02d:%02d.%03dZ\",\"status\":\"%s\",",
        random.nextLong(), 1 + random.nextInt(28), random.nextInt(24), random.nextInt(60), random.nextInt(60), random.nextInt(1_000),
        pick(random, STATUS)));
    text.append(String.format(Locale.ROOT, "\"customer\":{\"customerId\":%d,\"city\":\"%s\",\"segment\":\"retail\",\"newsletter\":%b},\"items\":[",
        random.nextInt(1_000_000), pick(random, CITY), random.nextBoolean()));
    while (text.length() < valueBytes) {
      text.append(String.format(Locale.ROOT, "{\"articleNumber\":\"A-%06d\",\"quantity\":%d,\"unitPriceInCents\":%d,\"colour\":\"%s\",\"giftWrapped\":%b,\"vat\":20},",
          random.nextInt(1_000_000), 1 + random.nextInt(9), random.nextInt(100_000), pick(random, COLOUR), random.nextInt(6) == 0));
    }
    text.setLength(valueBytes - 2);
    return text.append("]}").toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static String pick(Random random, String[] from) {
    return from[random.nextInt(from.length)];
  }
}
