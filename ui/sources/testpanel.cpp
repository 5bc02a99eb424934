// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/testpanel.h"

#include "models/core/format.h"
#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/fleetwords.h"
#include "ui/common/glyphmark.h"
#include "ui/common/questiondialog.h"
#include "ui/common/rowdelegate.h"
#include "ui/common/rowtable.h"
#include "ui/common/sourcewords.h"
#include "ui/common/tonelabel.h"
#include "ui/sources/teststepsmodel.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPainter>
#include <QPushButton>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int adviceLines = 5; ///< Kept free below the steps, so that nothing moves when there is something to say.

/// The step's mark, then words.
class StepDelegate : public RowDelegate
{
public:
    explicit StepDelegate(QObject *parent)
        : RowDelegate(parent, 4)
    { }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        if (index.column() != TestStepsModel::Mark) {
            RowDelegate::paint(painter, option, index);
            return;
        }
        using State = TestStep::State;
        const auto state = State(index.data(TestStepsModel::StateRole).toInt());
        const QRect r = option.rect;
        if (state == State::Failed)
            painter->fillRect(r.x(), r.y(), 3, r.height(), theme().stale);
        const bool found = state == State::Passed || state == State::Limited || state == State::Failed;
        paintGlyph(*painter, QPointF(r.x() + px(23), r.center().y() + 0.5), px(13), TestStepsModel::glyphOf(state),
                   found ? QColor() : theme().dim);
    }

protected:
    Cell cellOf(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        Cell cell = RowDelegate::cellOf(option, index);
        const bool time = index.column() == TestStepsModel::Time;
        cell.font = time ? Theme::instance().smallFont() : Theme::instance().bodyFont();
        if (time) {
            cell.alignment = Qt::AlignRight;
            cell.rect.setRight(cell.rect.right() - px(12));
        }
        return cell;
    }
};

/// The steps in one ground; a row is marked as chosen only while the window is the active one.
class StepTable : public RowTable
{
public:
    using RowTable::RowTable;

protected:
    int rowPixels() const override { return qMax(24, QFontMetrics(Theme::instance().bodyFont()).height() + px(8)); }
    QColor rowGround(int) const override { return theme().base; }
    void paintGround(QPainter &painter, int row, const QRect &rect) const override
    {
        if (isActiveWindow()) {
            RowTable::paintGround(painter, row, rect);
            return;
        }
        painter.fillRect(rect, theme().base);
        painter.fillRect(QRect(0, rect.bottom(), rect.width(), 1), theme().grid);
    }
};

} // namespace

TestPanel::TestPanel(ConnectionTester &tester, QWidget *parent)
    : QWidget(parent)
    , m_tester(tester)
    , m_model(new TestStepsModel(this))
    , m_mark(new GlyphMark(Glyph::RungNow, 14, this))
    , m_headline(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Bold, this))
    , m_progress(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))
    , m_copy(plainButton(tr("Copy report"), u"copyReport"_s, this, ButtonRole::Link))
    , m_showSteps(plainButton(QString(), u"showSteps"_s, this, ButtonRole::Link))
    , m_table(new StepTable(this))
    , m_problem(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Bold, this))
    , m_hint(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, this))
{
    build();
}

TestPanel::~TestPanel()
{
    delete m_test; // Before anything that it reports to.
}

void TestPanel::build()
{
    const Theme &t = Theme::instance();
    auto *header = new Band(Qt::BottomEdge, Band::Ground::Chrome, this);
    m_headline->setElideMode(Qt::ElideRight);
    m_headline->setObjectName(u"testHeadline"_s);
    auto *headerRow = hbox(header, 10, {16, 11, 16, 11});
    headerRow->addWidget(m_mark);
    headerRow->addWidget(m_headline, 1);
    addWidgets(headerRow, {m_progress, m_copy, m_showSteps});
    m_copy->setToolTip(tr("Copies the steps and what was found, without any secret"));
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(report()); });
    connect(m_showSteps, &QPushButton::clicked, this, [this] { setStepsShown(!m_stepsShown); });

    m_table->setObjectName(u"testSteps"_s);
    m_table->setAccessibleName(tr("Steps of the test"));
    m_table->setModel(m_model);
    m_table->setItemDelegate(new StepDelegate(m_table));
    m_table->horizontalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(qMax(24, QFontMetrics(t.bodyFont()).height() + px(8)));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);

    m_advice = new Band(Qt::TopEdge, Band::Ground::Base, this);
    for (ToneLabel *label : {m_problem, m_hint}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    }
    m_hint->setObjectName(u"testHint"_s);
    m_problem->setObjectName(u"testProblem"_s);
    auto *words = vbox(m_advice, 4, {16, 12, 16, 12});
    m_offers = new QWidget(m_advice);
    vbox(m_offers, 2);
    m_offers->hide();
    m_trust = plainButton(tr("Trust this certificate…"), u"trustCertificate"_s, m_advice, ButtonRole::Link);
    m_trust->hide();
    connect(m_trust, &QPushButton::clicked, this, &TestPanel::askTrust);
    addWidgets(words, {m_problem, m_hint, m_offers, m_trust});
    words->addStretch(1);
    m_advice->setMinimumHeight(adviceLines * QFontMetrics(t.bodyFont()).lineSpacing() + px(28));

    connect(&Theme::instance(), &Theme::changed, this, [this] {
        if (m_test)
            review();
    });

    auto *whole = vbox(this, 0);
    addWidgets(whole, {header, m_table});
    whole->addWidget(m_advice, 1);
    setStepsShown(true);
}

void TestPanel::begin(const SourceSettings &settings)
{
    m_settings = settings;
    delete std::exchange(m_test, nullptr);
    m_test = m_tester.start(m_settings, this);
    m_model->setSteps(m_test->steps());
    connect(m_test, &ConnectionTest::stepChanged, this, [this](int step) {
        m_model->setStep(step, m_test->steps().at(step));
        review();
    });
    connect(m_test, &ConnectionTest::reported, this, &TestPanel::reported);
    connect(m_test, &ConnectionTest::over, this, &TestPanel::review);
    const QFontMetrics metrics(Theme::instance().bodyFont());
    int names = 0;
    for (const TestStep &step : m_test->steps())
        names = qMax(names, metrics.horizontalAdvance(step.name));
    QHeaderView *columns = m_table->horizontalHeader();
    columns->setMinimumSectionSize(1);
    columns->setSectionResizeMode(TestStepsModel::Found, QHeaderView::Stretch);
    m_table->setColumnWidth(TestStepsModel::Mark, px(38));
    m_table->setColumnWidth(TestStepsModel::Name, names + px(22));
    m_table->setColumnWidth(TestStepsModel::Time, metrics.horizontalAdvance(u"20.00 s"_s) + px(30));
    m_table->setFixedHeight(m_model->rowCount() * m_table->verticalHeader()->defaultSectionSize() + 2);
    review();
}

void TestPanel::setStepsShown(bool shown)
{
    m_stepsShown = shown;
    m_table->setVisible(shown);
    m_advice->setVisible(shown);
    m_showSteps->setText(shown ? tr("Hide steps") : tr("Show steps"));
}

void TestPanel::review()
{
    m_copy->setEnabled(!isRunning());
    reviewHeadline();
    reviewAdvice();
    emit changed();
}

void TestPanel::stop()
{
    if (isRunning())
        m_test->stop();
}

bool TestPanel::isRunning() const
{
    return m_test && !m_test->isOver();
}

void TestPanel::reviewHeadline()
{
    using State = TestStep::State;
    const QList<TestStep> &steps = m_test->steps();
    const int failed = m_test->failedStep();
    const int limits = m_test->count(State::Limited);
    const int settled = int(std::count_if(steps.begin(), steps.end(),
                                          [](const TestStep &step) { return step.isOver() && step.state != State::NotReached; }));
    qint64 spent = 0;
    for (const TestStep &step : steps)
        spent += qMax<qint64>(0, step.elapsedMs);
    if (!m_test->isOver()) {
        m_mark->setGlyph(Glyph::RungNow);
        m_headline->setText(tr("Testing %1").arg(m_settings.name));
        m_progress->setText(tr("step %1 of %2 · at most %3 s")
                                .arg(qMin(settled + 1, int(steps.size())))
                                .arg(steps.size())
                                .arg(ConnectionTester::limitMs / 1000));
    } else if (failed >= 0) {
        m_mark->setGlyph(Glyph::Error);
        m_headline->setText(tr("%1 failed").arg(steps.at(failed).name));
        m_progress->setText(tr("step %1 of %2").arg(failed + 1).arg(steps.size()));
    } else if (m_test->count(State::NotReached) > 0) {
        m_mark->setGlyph(Glyph::Off);
        m_headline->setText(tr("Stopped"));
        m_progress->setText(tr("after step %1 of %2").arg(settled).arg(steps.size()));
    } else {
        m_mark->setGlyph(limits > 0 ? Glyph::Warning : Glyph::Ok);
        m_headline->setText(limits > 0 ? tr("It can be connected, with %Ln limit(s)", nullptr, limits)
                                       : tr("It can be connected"));
        m_progress->setText(tr("%1 passed · %2").arg(m_test->count(State::Passed)).arg(spentText(spent)));
    }
    m_headline->setAccessibleName(m_headline->text());
}

void TestPanel::offer(const QStringList &addresses)
{
    const auto before = m_offers->findChildren<QPushButton *>(Qt::FindDirectChildrenOnly);
    QStringList offered;
    for (const QPushButton *button : before)
        offered.append(button->property("address").toString());
    if (offered == addresses)
        return;
    for (QPushButton *button : before) {
        button->setParent(nullptr);
        button->deleteLater(); // It may be the one that was clicked.
    }
    for (const QString &address : addresses) {
        QPushButton *const button =
            plainButton(tr("Use %1").arg(address).replace(u'&', u"&&"_s), u"useAddress"_s, m_offers, ButtonRole::Link);
        button->setProperty("address", address);
        connect(
            button, &QPushButton::clicked, this, [this, address] { emit addressChosen(address); }, Qt::QueuedConnection);
        m_offers->layout()->addWidget(button);
        button->show();
    }
    m_offers->setVisible(!addresses.isEmpty());
}

/// Nothing is trusted that was not looked at.
void TestPanel::askTrust()
{
    const int failed = m_test ? m_test->failedStep() : -1;
    if (failed < 0)
        return;
    const ServerCertificate shown = m_test->steps().at(failed).certificate;
    const QString unknown = tr("unknown");
    const QStringList lines{
        tr("Certificate of: %1").arg(shown.subject.isEmpty() ? unknown : shown.subject),
        tr("For: %1").arg(shown.names.isEmpty() ? unknown : shown.names),
        tr("Issued by: %1").arg(shown.issuer.isEmpty() ? unknown : shown.issuer),
        tr("Valid from %1 to %2")
            .arg(shown.from > 0 ? wallDateTimeText(shown.from) : unknown,
                 shown.until > 0 ? wallDateTimeText(shown.until) : unknown),
        tr("SHA-256 fingerprint: %1").arg(TlsOptions::fingerprintText(shown.fingerprint)),
        QString(),
        tr("Compare the fingerprint with the one at the server (openssl x509 -noout -fingerprint -sha256). From then on only "
           "this "
           "certificate is accepted there, and any other one is refused."),
    };
    auto *question = new QuestionDialog(tr("Trust a Certificate"), tr("Trust the certificate of %1?").arg(m_settings.name),
                                        lines.join(u'\n'), tr("&Trust"), ButtonRole::Primary, window());
    question->setObjectName(u"trustQuestion"_s);
    connect(question, &QDialog::accepted, this, [this, shown] { emit certificateTrusted(shown.fingerprint); });
    question->open();
}

/// The first step that failed; else all that work in part.
void TestPanel::reviewAdvice()
{
    const QList<TestStep> &steps = m_test->steps();
    const int failed = m_test->failedStep();
    offer(failed >= 0 ? steps.at(failed).addresses : QStringList());
    m_trust->setVisible(failed >= 0 && !steps.at(failed).certificate.isNull());
    if (failed >= 0) {
        m_problem->setText(steps.at(failed).text);
        m_hint->setText(steps.at(failed).hint);
        m_problem->show();
        return;
    }
    QStringList hints;
    for (const TestStep &step : steps) {
        if (step.state == TestStep::State::Limited)
            hints << QString(step.name + u": "_s + step.hint);
    }
    m_problem->hide();
    if (!hints.isEmpty())
        m_hint->setText(hints.join(u'\n'));
    else if (!m_test->isOver())
        m_hint->setText(tr("Nothing is written to the server, and nothing is remembered."));
    else
        m_hint->setText(tr("Nothing was written to the server."));
}

bool TestPanel::hasPassed() const
{
    return m_test && m_test->isOver() && m_test->failedStep() < 0 && m_test->count(TestStep::State::NotReached) == 0;
}

bool TestPanel::isLoginTrouble() const
{
    const int failed = m_test ? m_test->failedStep() : -1;
    return failed >= 0 && pulsedeck::isLoginTrouble(m_test->steps().at(failed).trouble);
}

QString TestPanel::report() const
{
    if (!m_test)
        return {};
    QString text = tr("Pulsedeck %1, test of %2").arg(QStringLiteral(PULSEDECK_VERSION), sourceAddress(m_settings)) + u'\n'
                   + m_headline->text() + u'\n';
    for (const TestStep &step : m_test->steps()) {
        QStringList parts{step.name, TestStepsModel::stateWord(step.state), step.text};
        if (step.elapsedMs >= 0)
            parts << spentText(step.elapsedMs);
        parts.removeAll(QString());
        text += parts.join(u" · "_s) + u'\n';
        if (!step.hint.isEmpty())
            text += u"  "_s + step.hint + u'\n';
    }
    return text;
}

} // namespace pulsedeck
