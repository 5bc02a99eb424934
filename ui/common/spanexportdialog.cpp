// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/spanexportdialog.h"

#include "models/core/format.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/selfdeleting.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>

#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr QLatin1StringView spanFolderKey{"history/exportFolder"};

} // namespace

SpanExportDialog::SpanExportDialog(History &history, qint64 from, qint64 to, const QString &path, QWidget *parent)
    : QDialog(parent)
    , m_history(history)
    , m_path(path)
    , m_token(history.nextToken())
    , m_state((new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, this))->wrapped()->named(u"exportState"_s))
    , m_bar(new QProgressBar(this))
    , m_button(plainButton(tr("Cancel"), u"exportButton"_s, this))
{
    setObjectName(u"spanExportDialog"_s);
    setWindowTitle(tr("Export History"));
    m_state->setText(tr("Writing %1 to %2…", "from, until").arg(dateTimeText(from), dateTimeText(to)));
    auto *file = (new ToneLabel(path, ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))->wrapped();
    file->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *whole = vbox(this, 8, {20, 16, 20, 16});
    addWidgets(whole, {m_state, m_bar, file});
    whole->addWidget(m_button, 0, Qt::AlignRight);
    setMinimumWidth(px(420));
    connect(&history, &History::exportProgressed, this, [this](quint64 token, int percent) {
        if (token == m_token)
            m_bar->setValue(percent);
    });
    connect(&history, &History::exported, this, [this](quint64 token, const QString &error) {
        if (token == m_token && token != 0)
            end(error);
    });
    connect(m_button, &QPushButton::clicked, this, [this] {
        if (isWriting())
            cancel();
        else
            accept();
    });
    history.exportSpan(from, to, path, m_token);
}

SpanExportDialog::~SpanExportDialog()
{
    if (isWriting())
        m_history.cancelExport(m_token);
}

void SpanExportDialog::ask(History &history, qint64 from, qint64 to, QSettings &settings, QWidget *parent)
{
    const QString folder = settings.value(spanFolderKey, QDir::homePath()).toString();
    auto *dialog = selfDeleting(new QFileDialog(parent, tr("Export History"), folder, tr("History (*.sqlite)")));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"sqlite"_s);
    dialog->selectFile(u"history-"_s + shownTime(from).toString(u"yyyy-MM-dd-HHmm"_s) + u".sqlite"_s);
    connect(dialog, &QFileDialog::fileSelected, parent, [&history, &settings, from, to, parent](const QString &path) {
        settings.setValue(spanFolderKey, QFileInfo(path).absolutePath());
        selfDeleting(new SpanExportDialog(history, from, to, path, parent))->show();
    });
    dialog->open();
}

void SpanExportDialog::cancel()
{
    m_history.cancelExport(m_token);
    m_button->setEnabled(false); // Its answer comes soon.
}

void SpanExportDialog::end(const QString &error)
{
    m_token = 0;
    m_bar->hide();
    m_button->setEnabled(true);
    m_button->setText(tr("Close"));
    m_state->setTone(error.isEmpty() ? ToneLabel::Tone::Text : ToneLabel::Tone::Late);
    m_state->setText(
        error.isEmpty() ? tr("Written: %1 MB, in whole five minutes.").arg(decimalText(double(QFileInfo(m_path).size()) / 1e6, 1))
                        : error);
    adjustSize();
}

} // namespace pulsedeck
