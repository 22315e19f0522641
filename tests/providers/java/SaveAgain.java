import java.io.File;
import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.ls.DOMImplementationLS;

/** Saves an XML file again, in each way that the JDK has, into the working folder. */
public class SaveAgain {
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        TransformerFactory.newInstance()
                .newTransformer()
                .transform(new DOMSource(document), new StreamResult(new File("transformer.xml")));
        DOMImplementationLS saver =
                (DOMImplementationLS) document.getImplementation().getFeature("LS", "3.0");
        String text = saver.createLSSerializer().writeToString(document);
        Files.write(Path.of("serializer.xml"), text.getBytes(StandardCharsets.UTF_8));
        try (ZipOutputStream zip = new ZipOutputStream(new FileOutputStream("java.zip"))) {
            zip.putNextEntry(new ZipEntry(file.getFileName().toString()));
            Files.copy(file, zip);
        }
    }
}
