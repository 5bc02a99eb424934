// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/historyfiledialog.h"

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

constexpr QLatin1StringView historyFolderKey{"history/exportFolder"};

} // namespace

HistoryFileDialog::HistoryFileDialog(const QString &title, const QString &sentence, const QString &path,
                                     std::function<void()> cancel, QWidget *parent)
    : QDialog(parent)
    , m_path(path)
    , m_cancel(std::move(cancel))
    , m_state((new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, this))->wrapped()->named(u"writeState"_s))
    , m_bar(new QProgressBar(this))
    , m_buttons(hbox(8))
    , m_button(plainButton(tr("Cancel"), u"writeButton"_s, this))
{
    setWindowTitle(title);
    m_state->setText(sentence);
    auto *file = (new ToneLabel(path, ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))->wrapped();
    file->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *whole = vbox(this, 8, {20, 16, 20, 16});
    addWidgets(whole, {m_state, m_bar, file});
    m_buttons->addStretch(1);
    m_buttons->addWidget(m_button);
    whole->addLayout(m_buttons);
    setMinimumWidth(px(420));
    connect(m_button, &QPushButton::clicked, this, [this] {
        if (isWriting())
            this->cancel();
        else
            accept();
    });
}

HistoryFileDialog::~HistoryFileDialog()
{
    if (isWriting())
        cancel();
}

void HistoryFileDialog::askWhere(const QString &title, const QString &name, QSettings &settings, QWidget *parent,
                                 const std::function<void(const QString &)> &chosen)
{
    const QString folder = settings.value(historyFolderKey, QDir::homePath()).toString();
    auto *dialog = selfDeleting(new QFileDialog(parent, title, folder, tr("History (*.sqlite)")));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"sqlite"_s);
    dialog->selectFile(name);
    connect(dialog, &QFileDialog::fileSelected, parent, [&settings, chosen](const QString &path) {
        settings.setValue(historyFolderKey, QFileInfo(path).absolutePath());
        chosen(path);
    });
    dialog->open();
}

void HistoryFileDialog::setProgress(int percent)
{
    m_bar->setValue(percent);
}

void HistoryFileDialog::addButton(QPushButton *button)
{
    m_buttons->insertWidget(m_buttons->count() - 1, button);
}

void HistoryFileDialog::cancel()
{
    if (m_cancel)
        std::exchange(m_cancel, nullptr)();
    m_button->setEnabled(false); // Its answer comes soon.
}

void HistoryFileDialog::end(const QString &error, const QString &done)
{
    m_writing = false;
    m_bar->hide();
    m_button->setEnabled(true);
    m_button->setText(tr("Close"));
    m_state->setTone(error.isEmpty() ? ToneLabel::Tone::Text : ToneLabel::Tone::Late);
    m_state->setText(error.isEmpty() ? done.arg(decimalText(double(QFileInfo(m_path).size()) / 1e6, 1)) : error);
    adjustSize();
}

} // namespace pulsedeck
