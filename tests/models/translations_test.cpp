// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testprogram.h"

#include <QCoreApplication>
#include <QFile>
#include <QRegularExpression>
#include <QXmlStreamReader>

using namespace Qt::StringLiterals;

/// The English catalogue that is built in: singular and plural of every text with a count.
class TranslationsTest : public QObject
{
    Q_OBJECT

private slots:
    void countsHaveTheirNumber();
    void everyMessageHasBothForms();

private:
    struct Message
    {
        QByteArray context;
        QByteArray source;
    };
    static QList<Message> messages();
};

QList<TranslationsTest::Message> TranslationsTest::messages()
{
    QFile file(QStringLiteral(PULSEDECK_ENGLISH));
    QList<Message> found;
    QByteArray context;
    if (!file.open(QIODevice::ReadOnly))
        return found;
    for (QXmlStreamReader xml(&file); !xml.atEnd(); xml.readNext()) {
        if (xml.isStartElement() && xml.name() == "name"_L1)
            context = xml.readElementText().toUtf8();
        else if (xml.isStartElement() && xml.name() == "source"_L1)
            found.append({context, xml.readElementText().toUtf8()});
    }
    return found;
}

void TranslationsTest::countsHaveTheirNumber()
{
    const auto text = [](int count) {
        return QCoreApplication::translate("pulsedeck::TimingTableModel", "Measured %1 on %Ln sample(s)", nullptr, count);
    };
    QCOMPARE(text(1), u"Measured %1 on 1 sample"_s);
    QCOMPARE(text(0), u"Measured %1 on 0 samples"_s);
    QCOMPARE(text(1207), u"Measured %1 on 1,207 samples"_s);
}

// The catalogue that is built in is the one of the sources, and nobody reads "(s)", "(is/are)" or "%Ln".
void TranslationsTest::everyMessageHasBothForms()
{
    static const QRegularExpression open(u"\\(e?s\\)|\\([\\w ]*/[\\w ]*\\)|%L?n"_s);
    QVERIFY(!messages().isEmpty());
    for (const Message &message : messages()) {
        for (const int count : {1, 2}) {
            const QString text = QCoreApplication::translate(message.context, message.source, nullptr, count);
            QVERIFY2(!text.contains(open), qPrintable(text));
        }
    }
}

PULSEDECK_TEST(TranslationsTest, runWithEvents)
#include "translations_test.moc"
