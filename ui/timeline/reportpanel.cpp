// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/reportpanel.h"

#include "models/core/format.h"
#include "models/history/reportjson.h"
#include "models/history/reportpage.h"
#include "models/history/reportpictures.h"
#include "models/history/reportwords.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/selfdeleting.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"
#include "ui/timeline/svgpicture.h"

#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QGuiApplication>
#include <QPushButton>
#include <QSaveFile>
#include <QScrollArea>
#include <QSettings>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using ReportTone = ToneLabel::Tone;
using ReportFace = ToneLabel::Face;

constexpr int shownGaps = 10;
constexpr QLatin1StringView exportFolderKey{"timeline/exportFolder"};

/// The content of the panel, from top to bottom.
class ReportContent
{
    Q_DECLARE_TR_FUNCTIONS(ReportPanel)

public:
    ReportContent(const SpanReport &report, QWidget *parent)
        : m_report(report)
        , m_parent(parent)
        , m_layout(vbox(parent, 4, pxMargins(16, 12, 16, 16)))
    { }

    void fill(const SharedSpanReport &shared);

private:
    ToneLabel *label(const QString &text, ReportTone tone = ReportTone::Text, ReportFace face = ReportFace::Body)
    {
        auto *one = new ToneLabel(text, tone, face, m_parent);
        one->setWordWrap(true);
        one->setTextInteractionFlags(Qt::TextSelectableByMouse);
        return one;
    }
    void add(const QString &text, ReportTone tone = ReportTone::Text, ReportFace face = ReportFace::Body)
    {
        m_layout->addWidget(label(text, tone, face));
    }
    void heading(const QString &text)
    {
        m_layout->addSpacing(px(10));
        add(text, ReportTone::Dim, ReportFace::Bold);
    }
    void more(qint64 count)
    {
        if (count > 0)
            add(tr("and %Ln more", nullptr, int(std::min<qint64>(count, 1'000'000'000))), ReportTone::Dim);
    }
    QGridLayout *grid(int stretched)
    {
        auto *grid = new QGridLayout;
        grid->setHorizontalSpacing(px(14));
        grid->setVerticalSpacing(px(3));
        grid->setColumnStretch(stretched, 1);
        m_layout->addLayout(grid);
        return grid;
    }
    ToneLabel *cell(const QString &text, ReportTone tone = ReportTone::Text)
    {
        auto *one = new ToneLabel(text, tone, ReportFace::Body, m_parent);
        one->setTextInteractionFlags(Qt::TextSelectableByMouse);
        return one;
    }
    void causes();
    void changes();
    void facts();
    void gaps();

    const SpanReport &m_report;
    QWidget *m_parent;
    QVBoxLayout *m_layout;
};

void ReportContent::causes()
{
    for (const SpanCause &cause : m_report.causes) {
        heading(tr("%1: what they have in common").arg(groupText(cause.group)));
        if (const QString text = causeHeadline(cause); !text.isEmpty())
            add(text, ReportTone::Accent, ReportFace::Bold);
        for (const QString &line : causeSentences(cause))
            add(line);
    }
}

void ReportContent::changes()
{
    heading(tr("What was changed"));
    if (m_report.changes.empty()) {
        add(tr("Nothing that was recorded."), ReportTone::Dim);
        return;
    }
    QGridLayout *rows = grid(2);
    for (const SpanChange &change : m_report.changes) {
        const int row = rows->rowCount();
        rows->addWidget(cell(clockTextTenths(change.at), ReportTone::Dim), row, 0, Qt::AlignTop);
        rows->addWidget(cell(nearnessText(change)), row, 1, Qt::AlignTop);
        rows->addWidget(label(changeText(change)), row, 2);
    }
    more(m_report.moreChanges);
}

void ReportContent::facts()
{
    heading(tr("Who"));
    QGridLayout *rows = grid(1);
    for (int fact = 0; fact < spanFactCount; ++fact) {
        const SpanCount &count = m_report.facts[size_t(fact)];
        if (count.workers == 0)
            continue;
        const int row = rows->rowCount();
        rows->addWidget(cell(factText(SpanFact(fact)), ReportTone::Dim), row, 0, Qt::AlignTop);
        rows->addWidget(label(countSentence(count, m_report.workers)), row, 1);
    }
}

void ReportContent::gaps()
{
    if (m_report.gaps.empty())
        return;
    heading(tr("Longest gaps"));
    QGridLayout *rows = grid(3);
    const size_t shown = std::min<size_t>(m_report.gaps.size(), shownGaps);
    for (size_t i = 0; i < shown; ++i) {
        const SpanGap &gap = m_report.gaps[i];
        const int row = rows->rowCount();
        rows->addWidget(cell(clockTextTenths(gap.from), ReportTone::Dim), row, 0, Qt::AlignTop);
        auto *name = new ToneLabel(shownName(gap.worker), ReportTone::Text, ReportFace::Id, m_parent);
        name->setMaximumWidth(px(200));
        rows->addWidget(name->elided(), row, 1, Qt::AlignTop);
        rows->addWidget(cell(gap.worker.host, ReportTone::Dim)->elided(), row, 2, Qt::AlignTop);
        rows->addWidget(label(gapText(gap)), row, 3);
    }
    more(m_report.moreGaps + qint64(m_report.gaps.size() - shown));
}

void ReportContent::fill(const SharedSpanReport &shared)
{
    for (const QString &line : headlines(m_report))
        add(line, ReportTone::Text, ReportFace::Bold);
    for (const QString &line : reportRemarks(m_report))
        add(line, ReportTone::Late);
    causes();
    if (m_report.workers > 0) {
        m_layout->addSpacing(px(10));
        const auto add = [&](const QString &name, QByteArray (ReportPictures::*draw)() const) {
            m_layout->addWidget(new SvgPicture(
                name,
                [shared, draw](bool dark) {
                    return (ReportPictures(*shared, dark ? ReportPictures::Look::Dark : ReportPictures::Look::Light).*draw)();
                },
                m_parent));
        };
        add(tr("Beats received of those expected"), &ReportPictures::beats);
        add(tr("Workers that were late, worse or lost"), &ReportPictures::affected);
        if (!m_report.lanes.empty())
            add(tr("Workers that fared worst"), &ReportPictures::lanes);
    }
    changes();
    if (m_report.workers > 0)
        facts();
    gaps();
    m_layout->addStretch(1);
}

} // namespace

ReportPanel::ReportPanel(History &history, const SpanScope &scope, QSettings &settings, QWidget *parent)
    : QDialog(parent)
    , m_reader(history)
    , m_settings(settings)
    , m_time(new ToneLabel(ReportTone::Dim, ReportFace::Body, this))
    , m_status((new ToneLabel(ReportTone::Dim, ReportFace::Body, this))->wrapped()->named(u"status"_s))
    , m_scroll(new QScrollArea(this))
    , m_copy(plainButton(tr("&Copy"), u"copy"_s, this))
    , m_json(plainButton(tr("Export &JSON…"), u"exportJson"_s, this))
    , m_page(plainButton(tr("Export &page…"), u"exportPage"_s, this, ButtonRole::Primary))
{
    selfDeleting(this);
    setWindowTitle(tr("What happened here"));
    setObjectName(u"reportPanel"_s);
    m_time->setText(tr("%1 to %2").arg(dateTimeText(scope.from), dateTimeText(scope.to)));
    m_status->setText(tr("Reading the history…"));
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->hide();

    QVBoxLayout *layout = vbox(this, 0);
    QVBoxLayout *head = vbox(2);
    head->setContentsMargins(pxMargins(16, 14, 16, 8));
    addWidgets(head, {new ToneLabel(tr("What happened here"), ReportTone::Text, ReportFace::Title, this), m_time, m_status});
    layout->addLayout(head);
    layout->addWidget(m_scroll, 1);
    layout->addStretch(0);
    QHBoxLayout *buttons = hbox(8);
    buttons->setContentsMargins(pxMargins(16, 10, 16, 14));
    addWidgets(buttons, {m_copy, m_json, m_page});
    buttons->addStretch(1);
    QPushButton *close = plainButton(tr("C&lose"), u"close"_s, this);
    buttons->addWidget(close);
    layout->addLayout(buttons);
    resize(px(860), px(680));

    for (QPushButton *button : {m_copy, m_json, m_page})
        button->setEnabled(false);
    connect(close, &QPushButton::clicked, this, &QDialog::close);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(reportText(*m_report));
        m_status->setText(tr("The report is on the clipboard, as text."));
    });
    connect(m_json, &QPushButton::clicked, this,
            [this] { ask(tr("Export the report as JSON"), u"json"_s, tr("JSON (*.json)"), &ReportPanel::writeJson); });
    connect(m_page, &QPushButton::clicked, this,
            [this] { ask(tr("Export the report as a page"), u"html"_s, tr("HTML page (*.html)"), &ReportPanel::writePage); });
    connect(&m_reader, &SpanReader::finished, this, &ReportPanel::takeReport);
    connect(&m_reader, &SpanReader::failed, this, &ReportPanel::showTrouble);
    connect(&m_reader, &SpanReader::progressed, this, [this](int lanes, int all) {
        m_status->setText(tr("Reading the history: %1 of %Ln lane(s)", nullptr, all).arg(groupedNumber(lanes)));
    });
    m_reader.read(scope);
}

void ReportPanel::takeReport(const SharedSpanReport &report)
{
    m_report = report;
    m_time->setText(report->scope.source.isEmpty()
                        ? spanTimeText(*report)
                        : tr("%1, only the source %2").arg(spanTimeText(*report), report->scope.source));
    m_status->clear();
    for (QPushButton *button : {m_copy, m_json, m_page})
        button->setEnabled(true);
    fill();
}

void ReportPanel::showTrouble(const QString &message)
{
    m_status->setTone(ReportTone::Late);
    m_status->setText(tr("The history cannot be read: %1").arg(message));
}

void ReportPanel::fill()
{
    auto *content = new QWidget;
    content->setObjectName(u"content"_s);
    ReportContent(*m_report, content).fill(m_report);
    m_scroll->setWidget(content);
    m_scroll->show();
}

QString ReportPanel::fileName() const
{
    // Usable on every system, and in the order of time.
    return u"what-happened-"_s + shownTime(m_report->scope.from).toString(u"yyyy-MM-dd-HHmm"_s);
}

void ReportPanel::ask(const QString &title, const QString &suffix, const QString &kind,
                      void (ReportPanel::*then)(const QString &))
{
    auto *dialog = selfDeleting(new QFileDialog(this, title, m_settings.value(exportFolderKey, QDir::homePath()).toString()));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(kind);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(fileName() + u'.' + suffix);
    connect(dialog, &QFileDialog::fileSelected, this, [this, then](const QString &path) {
        m_settings.setValue(exportFolderKey, QFileInfo(path).absolutePath());
        (this->*then)(path);
    });
    dialog->open();
}

void ReportPanel::writePage(const QString &path)
{
    write(path, reportPage(*m_report));
}

void ReportPanel::writeJson(const QString &path)
{
    write(path, reportJson(*m_report));
}

void ReportPanel::write(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path);
    const bool written = file.open(QFile::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
    m_status->setTone(written ? ReportTone::Dim : ReportTone::Late);
    m_status->setText(written ? tr("Written: %1").arg(path) : tr("%1 could not be written: %2").arg(path, file.errorString()));
    if (written)
        emit succeeded(m_status->text(), {});
    else
        emit noticed(m_status->text(), {});
}

} // namespace pulsedeck
